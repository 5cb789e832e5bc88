import assert from "node:assert/strict";
import { test } from "node:test";
import { DifyError, resumeDify, streamDify } from "../../main/resources/META-INF/resources/dify-ui/dify-stream.js";
import { answer, browser, collect, hurry, relay } from "./relay.mjs";

async function against(t, frames, plan, options) {
  const server = await relay(frames, plan, options);
  t.after(() => server.close());
  return server;
}

const problem = { "Content-Type": "application/problem+json" };

test("posts the question once and gives the events as they come", async (t) => {
  const server = await against(t, answer(3));
  const stream = streamDify(server.url, { query: "Where?" }, { headers: { "X-CSRF": "token" } });
  const events = [];
  for await (const event of stream) {
    events.push([event.event, stream.lastEventId]);
  }

  assert.deepEqual(events, [["message", "1"], ["message", "2"], ["message", "3"], ["message_end", "4"]]);
  assert.equal(stream.resumeUrl, `${server.base}/default/streams/stream-1`);
  assert.equal(server.requests.length, 1);
  const [{ method, headers, body }] = server.requests;
  assert.equal(method, "POST");
  assert.equal(headers["dify-resume"], "1");
  assert.equal(headers["x-csrf"], "token");
  assert.ok(headers["x-requested-with"]);
  assert.deepEqual(JSON.parse(body), { inputs: {}, query: "Where?", response_mode: "streaming" });
});

test("sends nothing before somebody reads", async (t) => {
  const server = await against(t, answer(1));
  const stream = streamDify(server.url, {});
  assert.equal(server.requests.length, 0);
  await stream.next();
  assert.equal(server.requests.length, 1);
  await stream.return();
});

test("gives an event before the next one is sent", async (t) => {
  const server = await against(t, answer(3), [{ end: 1, hold: true }]);
  const stream = streamDify(server.url, {});
  assert.equal((await stream.next()).value.answer, "0 ");
  await stream.return();
});

test("goes on where the connection broke, without a second question", async (t) => {
  hurry(t);
  const attempts = [];
  const server = await against(t, answer(10), [3, 5, { end: 8 }]);
  const events = await collect(streamDify(server.url, {}, { onReconnect: (attempt) => attempts.push(attempt) }));

  assert.deepEqual(events, answer(10));
  assert.deepEqual(server.requests.map(({ method }) => method), ["POST", "GET", "GET", "GET"]);
  assert.deepEqual(server.requests.map(({ headers }) => headers["last-event-id"]), [undefined, "3", "5", "8"]);
  assert.ok(server.requests.slice(1).every(({ url }) => url === "/shop/dify/default/streams/stream-1"));
  assert.deepEqual(attempts, [1, 1, 1]);
});

test("loses, doubles and reorders nothing wherever connections break", async (t) => {
  hurry(t);
  t.mock.method(Math, "random", () => 0);
  let seed = 42;
  const chance = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const rounds = Array.from({ length: 40 }, () => {
    const frames = answer(5 + chance(30));
    const cuts = [];
    for (let at = chance(6); at < frames.length; at += 1 + chance(12)) {
      cuts.push(chance(3) === 0 ? { end: at } : at);
    }
    return { frames, cuts };
  });
  await Promise.all(
    rounds.map(async ({ frames, cuts }) => {
      const server = await against(t, frames, cuts);
      assert.deepEqual(await collect(streamDify(server.url, {})), frames, JSON.stringify(cuts));
      assert.equal(server.requests.length, cuts.length + 1);
      assert.equal(server.requests.filter(({ method }) => method === "POST").length, 1);
    }),
  );
});

test("gives up after three attempts in a row, each waiting about twice as long as the one before", async (t) => {
  const pauses = hurry(t);
  const busy = { status: 503, headers: problem, body: '{"code":"upstream_busy","message":"busy","retryable":true}' };
  const server = await against(t, answer(10), [2, 2, busy, busy]);

  await assert.rejects(collect(streamDify(server.url, {})), { name: "DifyError", status: 503, code: "upstream_busy" });
  assert.equal(server.requests.length, 4);
  pauses.forEach((pause, i) => assert.ok(pause >= 1000 * 2 ** i && pause <= 2000 * 2 ** i, `${pauses}`));
});

test("waits as long as the server asks before it comes back, 30 s at most", async (t) => {
  const pauses = hurry(t);
  const busy = (seconds) => ({ status: 503, headers: { ...problem, "Retry-After": `${seconds}` }, body: "{}" });
  const server = await against(t, answer(3), [1, busy(9), busy(900)]);

  assert.deepEqual(await collect(streamDify(server.url, {})), answer(3));
  assert.deepEqual(pauses.slice(1), [9000, 30_000]);
});

for (const word of ["soon", "1 minute", "NaN", "-"]) {
  test(`backs off as ever where the server asks to wait for "${word}"`, async (t) => {
    const pauses = hurry(t);
    const server = await against(t, answer(3), [1, { status: 503, headers: { ...problem, "Retry-After": word }, body: "{}" }]);

    assert.deepEqual(await collect(streamDify(server.url, {})), answer(3));
    assert.equal(pauses.length, 2);
    assert.ok(pauses[1] >= 2000 && pauses[1] <= 4000, `${pauses}`);
  });
}

test("waits as long as a retry field of the stream says", async (t) => {
  const pauses = hurry(t);
  const server = await against(t, ["retry: 5000\ndata: {}", ...answer(1)], [1]);

  await collect(streamDify(server.url, {}));
  assert.deepEqual(pauses, [5000]);
});

for (const status of [404, 410]) {
  test(`says that the answer is gone when ${status} does`, async (t) => {
    hurry(t);
    const server = await against(t, answer(3), [1, { status, headers: problem, body: '{"code":"not_found"}' }]);
    await assert.rejects(collect(streamDify(server.url, {})), { name: "DifyError", status, code: "gone" });
    assert.equal(server.requests.length, 2);
  });
}

test("says that an answer broke off where the server cannot resume", async (t) => {
  const server = await against(t, answer(3), [2], { resumable: false });
  await assert.rejects(collect(streamDify(server.url, {})), { code: "truncated", retryable: true });
  assert.equal(server.requests.length, 1);
});

test("asks a server not to prepare for resuming on request", async (t) => {
  const server = await against(t, answer(3), [2]);
  await assert.rejects(collect(streamDify(server.url, {}, { resume: false })), { code: "truncated" });
  assert.equal(server.requests.length, 1);
  assert.equal(server.requests[0].headers["dify-resume"], undefined);
});

test("never posts again when the question itself gets no answer", async (t) => {
  const server = await relay(answer(1));
  await server.close();
  await assert.rejects(collect(streamDify(server.url, {})), { status: 0, code: "unreachable", retryable: true });
});

test("takes a stream up again after a reload, from its beginning or behind an event", async (t) => {
  const server = await against(t, answer(4));
  const url = `${server.base}/default/streams/stream-1`;

  assert.deepEqual(await collect(resumeDify(url)), answer(4));
  assert.deepEqual(await collect(resumeDify(url, "3")), answer(4).slice(3));
  assert.deepEqual(server.requests.map(({ method }) => method), ["GET", "GET"]);
});

for (const [path, streams] of [
  ["default/completion-messages", "default/streams/stream-1"],
  ["default/workflows/run", "default/streams/stream-1"],
  ["default/workflows/some-id/run", "default/streams/stream-1"],
]) {
  test(`resumes ${path} below its app`, async (t) => {
    const server = await against(t, answer(1));
    const stream = streamDify(`${server.base}/${path}`, {});
    await collect(stream);
    assert.equal(stream.resumeUrl, `${server.base}/${streams}`);
  });
}

test("comes back when the server has been silent for too long", async (t) => {
  hurry(t);
  const server = await against(t, answer(4), [{ end: 2, hold: true }]);
  assert.deepEqual(await collect(streamDify(server.url, {}, { silence: 100 })), answer(4));
  assert.deepEqual(server.requests.map(({ headers }) => headers["last-event-id"]), [undefined, "2"]);
});

test("does not take a page that reads slowly for a silent server", async (t) => {
  const server = await against(t, answer(4));
  const events = [];
  for await (const event of streamDify(server.url, {}, { silence: 40 })) {
    await new Promise((resolve) => setTimeout(resolve, 60));
    events.push(event);
  }
  assert.deepEqual(events, answer(4));
  assert.equal(server.requests.length, 1);
});

test("waits for the network without using up attempts, and goes on at once when it is back", async (t) => {
  hurry(t);
  const window = browser(t, false);
  const server = await against(t, answer(4), [2]);
  let reconnecting;
  const offline = new Promise((resolve) => (reconnecting = resolve));
  const events = collect(streamDify(server.url, {}, { onReconnect: reconnecting }));
  await offline;
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(server.requests.length, 1);

  globalThis.navigator.onLine = true;
  window.dispatchEvent(new Event("online"));
  assert.deepEqual(await events, answer(4));
  assert.equal(server.requests.length, 2);
});

test("hurries back when the page is seen again, and not when it is hidden", async (t) => {
  const window = browser(t, true);
  globalThis.document = { hidden: true };
  t.after(() => delete globalThis.document);
  const server = await against(t, answer(4), [2]);
  let reconnecting;
  const lost = new Promise((resolve) => (reconnecting = resolve));
  const events = collect(streamDify(server.url, {}, { onReconnect: reconnecting }));
  await lost;
  window.dispatchEvent(new Event("visibilitychange"));
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(server.requests.length, 1);

  globalThis.document.hidden = false;
  window.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual(await events, answer(4));
  assert.ok(server.requests[1].at - server.requests[0].at < 900);
});

test("goes on behind the scenes too as soon as the network is back", async (t) => {
  hurry(t);
  const window = browser(t, false);
  globalThis.document = { hidden: true };
  t.after(() => delete globalThis.document);
  const server = await against(t, answer(4), [2]);
  let reconnecting;
  const lost = new Promise((resolve) => (reconnecting = resolve));
  const events = collect(streamDify(server.url, {}, { onReconnect: reconnecting }));
  await lost;
  await new Promise((resolve) => setTimeout(resolve, 100));

  globalThis.navigator.onLine = true;
  window.dispatchEvent(new Event("online"));
  assert.deepEqual(await events, answer(4));
});

test("does not trust its connection after a change of network", async (t) => {
  hurry(t);
  const window = browser(t, true);
  const server = await against(t, answer(4), [{ end: 2, hold: true }]);
  const stream = streamDify(server.url, {});
  await stream.next();
  await stream.next();
  const next = stream.next();
  window.dispatchEvent(new Event("online"));

  assert.equal((await next).value.answer, "2 ");
  assert.equal(server.requests[1].headers["last-event-id"], "2");
  await stream.return();
});

test("does not trust its connection after a long sleep, and does after a short one", async (t) => {
  hurry(t);
  const window = browser(t, true);
  const server = await against(t, answer(4), [{ end: 2, hold: true }]);
  const stream = streamDify(server.url, {});
  await stream.next();
  await stream.next();
  const next = stream.next();
  window.dispatchEvent(new Event("visibilitychange"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(server.requests.length, 1);

  const now = Date.now();
  t.mock.method(Date, "now", () => now + 60_000);
  window.dispatchEvent(new Event("visibilitychange"));
  assert.equal((await next).value.answer, "2 ");
  await stream.return();
});

test("ends with the signal's reason, while it waits for the head, for an event or for the next attempt", async (t) => {
  const reason = new Error("the page is closed");
  const server = await against(t, answer(4), [{ end: 2, hold: true }, { end: 0 }]);

  const reading = new AbortController();
  const stream = streamDify(server.url, {}, { signal: reading.signal });
  await stream.next();
  await stream.next();
  const next = stream.next();
  reading.abort(reason);
  await assert.rejects(next, reason);
  assert.deepEqual(await stream.next(), { value: undefined, done: true });

  const waiting = new AbortController();
  const onReconnect = () => setTimeout(() => waiting.abort(reason), 10);
  await assert.rejects(collect(streamDify(server.url, {}, { signal: waiting.signal, onReconnect })), reason);

  await assert.rejects(collect(streamDify(server.url, {}, { signal: AbortSignal.abort(reason) })), reason);
  assert.equal(server.requests.length, 2);
});

test("closes the connection when the loop is left", async (t) => {
  const server = await against(t, answer(1000), [], { delay: 5 });
  let closed;
  const fetching = (url, request) => {
    closed = new Promise((resolve) => request.signal.addEventListener("abort", resolve));
    return fetch(url, request);
  };
  for await (const event of streamDify(server.url, {}, { fetch: fetching })) {
    assert.equal(event.answer, "0 ");
    break;
  }
  await closed;
});

test("passes over pings and the end marks of other services, and passes on what it does not know", async (t) => {
  const unknown = { event: "brand_new", data: { a: 1 } };
  const frames = ["event: ping", 'data: {"event":"ping"}', unknown, ...answer(1), "data: [DONE]"];
  const server = await against(t, frames);
  assert.deepEqual(await collect(streamDify(server.url, {})), [unknown, ...answer(1)]);
});

test("reads on after the end of the answer, but does not mind a break there", async (t) => {
  const tail = { event: "tts_message_end", audio: "" };
  const server = await against(t, [...answer(1), tail, tail], [3]);
  assert.deepEqual(await collect(streamDify(server.url, {})), [...answer(1), tail]);
  assert.equal(server.requests.length, 1);
});

test("ends with the error that an event tells, and does not come back for more", async (t) => {
  const error = { event: "error", status: 504, code: "upstream_idle", message: "The AI service fell silent.", retryable: true };
  const server = await against(t, [...answer(2).slice(0, 2), error]);
  const stream = streamDify(server.url, {});
  await stream.next();
  await stream.next();
  const { event, ...told } = error;
  await assert.rejects(stream.next(), { name: "DifyError", ...told });
  assert.equal(server.requests.length, 1);
});

test("ends with an error where the stream is not JSON", async (t) => {
  const server = await against(t, ["data: <html>"]);
  await assert.rejects(collect(streamDify(server.url, {})), { name: "DifyError", code: "malformed", retryable: false });
});

for (const [name, step, error] of [
  [
    "problem+json",
    { status: 429, headers: { ...problem, "Retry-After": "17" }, body: '{"code":"quota_exceeded","message":"Slow down","retryable":true}' },
    { status: 429, code: "quota_exceeded", message: "Slow down", retryAfter: 17, retryable: true },
  ],
  [
    "a problem that is not ours",
    { status: 403, headers: problem, body: '{"title":"Forbidden","detail":"Not you"}' },
    { status: 403, code: "http_403", message: "Not you", retryable: false },
  ],
  [
    "an HTML error page",
    { status: 502, headers: { "Content-Type": "text/html" }, body: "<h1>Bad gateway</h1>" },
    { status: 502, code: "http_502", message: "The request failed (502).", retryable: true },
  ],
  [
    "nothing at all, with a date to come back at",
    { status: 503, headers: { "Retry-After": new Date(Date.now() + 60_000).toUTCString() } },
    { status: 503, code: "http_503", retryable: true },
  ],
  [
    "a login page in place of an answer",
    { status: 200, headers: { "Content-Type": "text/html" }, body: "<form>" },
    { status: 401, code: "login_required", retryable: false },
  ],
]) {
  test(`makes a DifyError of ${name}`, async (t) => {
    const server = await against(t, [], [step]);
    const failed = await collect(streamDify(server.url, {})).catch((failure) => failure);
    assert.ok(failed instanceof DifyError && failed instanceof Error);
    for (const [field, value] of Object.entries(error)) {
      assert.equal(failed[field], value, field);
    }
    if (step.status === 503) {
      assert.ok(failed.retryAfter > 0 && failed.retryAfter <= 60, `${failed.retryAfter}`);
    }
    assert.equal(server.requests.length, 1);
  });
}
