import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { test } from "node:test";
import { DifySocket } from "../../main/resources/META-INF/resources/dify-ui/dify-socket.js";
import { browser, collect, hurry } from "./relay.mjs";

/** A server at the other end of every socket that is opened; `accept` decides what becomes of each. */
function server(accept = (socket) => socket.open()) {
  const sockets = [];
  class FakeSocket {
    sent = [];

    constructor(url) {
      this.url = `${url}`;
      sockets.push(this);
      queueMicrotask(() => accept(this, sockets.length));
    }

    open() {
      this.onopen();
    }

    send(text) {
      this.sent.push(JSON.parse(text));
      this.onsent?.(this.sent.at(-1));
    }

    bring(...frames) {
      frames.forEach((frame) => this.onmessage({ data: JSON.stringify(frame) }));
    }

    close(code, reason = "") {
      queueMicrotask(() => this.onclose?.({ code, reason }));
    }
  }
  return { sockets, WebSocket: FakeSocket };
}

const start = { type: "start", task_id: "t1" };
const chunk = (content) => ({ type: "chunk", content });
const done = (id = "c1") => ({ type: "done", full_answer: "ab", conversation_id: id });

/** Answers every question with the same frames. */
function answering(...frames) {
  return server((socket) => {
    socket.onsent = ({ query }) => query && socket.bring(...frames);
    socket.open();
  });
}

const soon = () => new Promise((resolve) => setTimeout(resolve, 5));

async function until(condition) {
  for (const end = performance.now() + 5000; !condition(); ) {
    assert.ok(performance.now() < end, `${condition}`);
    await soon();
  }
}

test("asks over one connection and gives the frames up to the end of the answer", async () => {
  const { sockets, WebSocket } = answering(start, chunk("a"), { type: "replace", content: "b" }, done());
  const states = [];
  const chat = new DifySocket("https://host/shop/dify-ws/default", { WebSocket, onState: (state) => states.push(state) });

  assert.deepEqual(await collect(chat.ask("Where?", { inputs: { order: 7 } })), [
    start,
    chunk("a"),
    { type: "replace", content: "b" },
    done(),
  ]);
  await collect(chat.ask("And when?"));
  assert.equal(sockets.length, 1);
  assert.equal(sockets[0].url, "wss://host/shop/dify-ws/default");
  assert.deepEqual(sockets[0].sent, [
    { query: "Where?", inputs: { order: 7 }, conversation_id: "" },
    { query: "And when?", inputs: {}, conversation_id: "c1" },
  ]);
  assert.deepEqual(states, ["connecting", "open"]);
});

test("goes on in a conversation that was given, or begins another", async () => {
  const { sockets, WebSocket } = answering(done("c9"));
  const chat = new DifySocket("ws://host/", { WebSocket, conversationId: "c9" });
  await collect(chat.ask("a"));
  chat.conversationId = "";
  await collect(chat.ask("b"));
  assert.deepEqual(sockets[0].sent.map(({ conversation_id }) => conversation_id), ["c9", ""]);
});

test("comes back after a break, with the conversation it had", async (t) => {
  hurry(t);
  const { sockets, WebSocket } = answering(chunk("a"), done());
  const chat = new DifySocket("ws://host/", { WebSocket });
  await collect(chat.ask("a"));
  sockets[0].close(1006);
  await until(() => chat.state === "open" && sockets.length === 2);

  await collect(chat.ask("b"));
  assert.deepEqual(sockets[1].sent, [{ query: "b", inputs: {}, conversation_id: "c1" }]);
});

test("says that an answer broke off, keeps what came, and never asks again by itself", async (t) => {
  hurry(t);
  const { sockets, WebSocket } = server();
  const chat = new DifySocket("ws://host/", { WebSocket });
  const frames = chat.ask("a");
  const first = frames.next();
  await until(() => sockets[0]?.sent.length === 1);
  sockets[0].bring(start, chunk("a"));
  sockets[0].close(1006);

  assert.deepEqual((await first).value, start);
  assert.deepEqual((await frames.next()).value, chunk("a"));
  await assert.rejects(frames.next(), { name: "DifyError", code: "truncated", retryable: true });
  await until(() => chat.state === "open");
  assert.deepEqual(sockets[1].sent, []);
});

test("gives up after five attempts to come back, each after 1 to 30 s by chance, and tries anew for the next question", async (t) => {
  const pauses = hurry(t);
  t.mock.method(Math, "random", () => 0.999);
  let up = false;
  const { sockets, WebSocket } = server((socket) => (up ? socket.open() : socket.close(1006)));
  const chat = new DifySocket("ws://host/", { WebSocket });

  await assert.rejects(collect(chat.ask("a")), { name: "DifyError", code: "unreachable", retryable: true });
  assert.equal(chat.state, "failed");
  assert.equal(sockets.length, 6);
  assert.deepEqual(pauses.map((pause) => Math.ceil(pause / 1000)), [2, 4, 8, 16, 30]);

  up = true;
  await chat.connect();
  assert.equal(chat.state, "open");
});

test("waits at least a second before it comes back", async (t) => {
  const pauses = hurry(t);
  t.mock.method(Math, "random", () => 0);
  const { WebSocket } = server((socket, count) => (count < 4 ? socket.close(1006) : socket.open()));
  await new DifySocket("ws://host/", { WebSocket }).connect();
  assert.deepEqual(pauses, [1000, 1000, 1000]);
});

test("does not come back for ever to a server that accepts and closes at once", async (t) => {
  hurry(t);
  const { sockets, WebSocket } = server((socket) => {
    socket.open();
    socket.close(1011);
  });
  const chat = new DifySocket("ws://host/", { WebSocket });
  await chat.connect();
  await until(() => chat.state === "failed");
  assert.equal(sockets.length, 6);
});

for (const code of [1008, 4000, 4403]) {
  test(`does not come back after ${code}: the server has said no`, async (t) => {
    hurry(t);
    const { sockets, WebSocket } = server((socket, count) => (count === 1 ? socket.open() : socket.close(code)));
    const chat = new DifySocket("ws://host/", { WebSocket });
    await chat.connect();
    sockets[0].close(code, "not you");
    await until(() => chat.state === "failed");
    assert.equal(sockets.length, 1);
    await assert.rejects(chat.connect(), { code: "refused", retryable: false });
    assert.equal(sockets.length, 2);
  });
}

test("connects again only when it is needed after the server has ended it in peace", async () => {
  const { sockets, WebSocket } = answering(done());
  const chat = new DifySocket("ws://host/", { WebSocket });
  await chat.connect();
  sockets[0].close(1000, "idle");
  await until(() => chat.state === "idle");
  assert.equal(sockets.length, 1);

  await collect(chat.ask("a"));
  assert.equal(sockets.length, 2);
});

test("answers one question at a time", async () => {
  const { sockets, WebSocket } = server();
  const chat = new DifySocket("ws://host/", { WebSocket });
  const first = collect(chat.ask("a"));
  await assert.rejects(collect(chat.ask("b")), { name: "DifyError", code: "busy" });
  await until(() => sockets[0].sent.length === 1);
  sockets[0].bring(done());
  await first;
  assert.deepEqual(sockets[0].sent.map(({ query }) => query), ["a"]);
});

test("ends with what an error frame says, and the socket stays", async () => {
  const error = { type: "error", code: "quota_exceeded", message: "Slow down", status: 429, retryable: true, retry_after: 7 };
  const { sockets, WebSocket } = server((socket) => {
    socket.onsent = () => socket.bring(socket.sent.length === 1 ? error : done());
    socket.open();
  });
  const chat = new DifySocket("ws://host/", { WebSocket });
  await assert.rejects(collect(chat.ask("a")), { name: "DifyError", status: 429, code: "quota_exceeded", retryAfter: 7 });
  assert.deepEqual(await collect(chat.ask("b")), [done()]);
  assert.equal(sockets.length, 1);
});

test("stops an answer on request; it then ends by itself", async () => {
  const { sockets, WebSocket } = server((socket) => {
    socket.onsent = ({ type }) => (type === "stop" ? socket.bring(done()) : socket.bring(start));
    socket.open();
  });
  const chat = new DifySocket("ws://host/", { WebSocket });
  const frames = chat.ask("a");
  await frames.next();
  chat.stop();
  assert.deepEqual(await collect(frames), [done()]);
  assert.deepEqual(sockets[0].sent[1], { type: "stop" });
});

test("stops an answer that is left, and takes nothing of it for the next one", async () => {
  const { sockets, WebSocket } = server();
  const chat = new DifySocket("ws://host/", { WebSocket });
  const reason = new Error("left");
  const control = new AbortController();
  const left = chat.ask("a", { signal: control.signal });
  const waiting = left.next();
  await until(() => sockets[0]?.sent.length === 1);
  control.abort(reason);
  await assert.rejects(waiting, reason);
  assert.deepEqual(sockets[0].sent[1], { type: "stop" });

  const next = collect(chat.ask("b"));
  await soon();
  assert.equal(sockets[0].sent.length, 2);
  sockets[0].bring(chunk("of a"), done());
  await until(() => sockets[0].sent.length === 3);
  assert.equal(sockets[0].sent[2].conversation_id, "c1");
  sockets[0].bring(chunk("of b"), done());
  assert.deepEqual(await next, [chunk("of b"), done()]);
});

test("gives up waiting for a connection when the question is aborted", async (t) => {
  hurry(t);
  const { sockets, WebSocket } = server(() => {});
  const chat = new DifySocket("ws://host/", { WebSocket });
  const reason = new Error("left");
  const control = new AbortController();
  const asked = collect(chat.ask("a", { signal: control.signal }));
  await until(() => sockets.length === 1);
  control.abort(reason);
  await assert.rejects(asked, reason);
  await assert.rejects(collect(chat.ask("b", { signal: AbortSignal.abort(reason) })), reason);
});

test("leaves nothing behind at a signal that many questions have", async () => {
  const { WebSocket } = answering(chunk("a"), done());
  const chat = new DifySocket("ws://host/", { WebSocket });
  const { signal } = new AbortController();
  await collect(chat.ask("a", { signal }));
  for await (const frame of chat.ask("b", { signal })) {
    assert.equal(getEventListeners(signal, "abort").length, 1, frame.type);
    break;
  }
  assert.equal(getEventListeners(signal, "abort").length, 0);
});

test("stays closed once it is", async (t) => {
  hurry(t);
  const { sockets, WebSocket } = server();
  const chat = new DifySocket("ws://host/", { WebSocket });
  await chat.connect();
  chat.close();
  await soon();
  assert.equal(chat.state, "closed");
  await assert.rejects(collect(chat.ask("a")), { name: "DifyError", code: "closed" });
  assert.equal(sockets.length, 1);
});

test("is not a socket before somebody asks", () => {
  const { sockets, WebSocket } = server();
  assert.equal(new DifySocket("ws://host/", { WebSocket }).state, "idle");
  assert.equal(sockets.length, 0);
});

test("finds out after a change of network whether the server is still there", async (t) => {
  hurry(t);
  const window = browser(t, true);
  let alive = true;
  const { sockets, WebSocket } = server((socket) => {
    socket.onsent = () => alive && socket.bring({ type: "pong" });
    socket.open();
  });
  const chat = new DifySocket("ws://host/", { WebSocket });
  await chat.connect();
  window.dispatchEvent(new Event("online"));
  await new Promise((resolve) => setTimeout(resolve, 80));
  assert.deepEqual(sockets[0].sent, [{ type: "ping" }]);
  assert.equal(sockets.length, 1);

  alive = false;
  window.dispatchEvent(new Event("online"));
  await until(() => sockets.length === 2 && chat.state === "open");
  window.dispatchEvent(new Event("visibilitychange"));
  assert.equal(sockets[0].sent.length, 2);
  assert.equal(sockets[1].sent.length, 1);
  chat.close();
});

test("does not take a server for dead that has answered the one before of two questions whether it is there", async (t) => {
  hurry(t);
  const window = browser(t, true);
  const { sockets, WebSocket } = server();
  const chat = new DifySocket("ws://host/", { WebSocket });
  await chat.connect();
  window.dispatchEvent(new Event("online"));
  sockets[0].bring({ type: "pong" });
  await new Promise((resolve) => setTimeout(resolve, 25));
  window.dispatchEvent(new Event("online"));
  // The patience with the first one ends now, that with the second one has just begun.
  await new Promise((resolve) => setTimeout(resolve, 35));
  sockets[0].bring({ type: "pong" });
  await new Promise((resolve) => setTimeout(resolve, 60));
  assert.equal(sockets.length, 1);
  assert.equal(sockets[0].sent.length, 2);
  chat.close();
});

test("asks a silent server once whether it is there, however often the page wakes up", async (t) => {
  hurry(t);
  const window = browser(t, true);
  const { sockets, WebSocket } = server();
  const chat = new DifySocket("ws://host/", { WebSocket });
  await chat.connect();
  const waking = setInterval(() => window.dispatchEvent(new Event("online")), 10);
  t.after(() => clearInterval(waking));
  await until(() => sockets.length === 2 && chat.state === "open");
  assert.deepEqual(sockets[0].sent, [{ type: "ping" }]);
  clearInterval(waking);
  chat.close();
});

test("gives the reader of an answer no word of the connection's own", async (t) => {
  const window = browser(t, true);
  const { sockets, WebSocket } = server((socket) => {
    socket.onsent = ({ type }) => type === "ping" && socket.bring({ type: "pong" });
    socket.open();
  });
  const chat = new DifySocket("ws://host/", { WebSocket });
  const frames = collect(chat.ask("a"));
  await until(() => sockets[0]?.sent.length === 1);
  window.dispatchEvent(new Event("online"));
  sockets[0].bring(chunk("a"), done());
  assert.deepEqual(await frames, [chunk("a"), done()]);
  chat.close();
});
