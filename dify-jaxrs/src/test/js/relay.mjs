import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * A small relay that resumes: POST starts a run, GET streams/{id} goes on behind Last-Event-ID.
 *
 * @param frames the events of the run, as objects or as the text of a frame
 * @param plan for each connection in turn: how many frames it may send before it is cut, {status, headers, body} of a refusal,
 *     {end: n} to end it cleanly after that many, or {end: n, hold: true} to fall silent then; connections beyond the plan send all there is
 */
export async function relay(frames, plan = [], { resumable = true, delay = 0 } = {}) {
  const requests = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    const step = plan[requests.length];
    const { method, url, headers } = request;
    requests.push({ method, url, headers, body: Buffer.concat(chunks).toString(), at: performance.now() });
    if (step?.status) {
      response.writeHead(step.status, step.headers).end(step.body);
      return;
    }
    const from = headers["last-event-id"] ? Number(headers["last-event-id"]) : 0;
    const until = step?.end ?? step ?? frames.length;
    response.writeHead(200, {
      "Content-Type": "text/event-stream;charset=utf-8",
      ...(resumable && { "Dify-Stream-Id": "stream-1" }),
    });
    response.write(": preamble\n\n");
    for (let i = from; i < until; i++) {
      response.write(`id: ${i + 1}\n${dataOf(frames[i])}\n\n`);
      await sleep(delay);
    }
    if (step?.hold) {
      // Silent, as a connection is whose other side has gone to sleep.
      return;
    }
    if (typeof step === "number") {
      // Half an event more, which must count for nothing.
      response.write(`id: ${until + 1}\ndata: {"event":"mess`, () => response.destroy());
    } else {
      response.end();
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const base = `http://127.0.0.1:${server.address().port}/shop/dify`;
  return {
    base,
    url: `${base}/default/chat-messages`,
    requests,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

function dataOf(frame) {
  return typeof frame === "string" ? frame : `data: ${JSON.stringify(frame)}`;
}

/** An answer of so many pieces, as a chat app gives it. */
export function answer(pieces) {
  const ids = { task_id: "t1", message_id: "m1", conversation_id: "c1" };
  const words = Array.from({ length: pieces }, (_, i) => ({ event: "message", ...ids, answer: `${i} ` }));
  return [...words, { event: "message_end", ...ids, metadata: { retriever_resources: [] } }];
}

export async function collect(stream) {
  const events = [];
  for await (const event of stream) {
    events.push(event);
  }
  return events;
}

/** Has the kit's pauses between connections pass a hundred times as fast, and notes how long they would have been. */
export function hurry(t) {
  const pauses = [];
  const real = globalThis.setTimeout;
  globalThis.setTimeout = (callback, delay, ...rest) => {
    const pause = delay >= 1000 && delay <= 30_000 && new Error().stack.includes("dify-ui");
    if (pause) {
      pauses.push(delay);
    }
    return real(callback, pause ? delay / 100 : delay, ...rest);
  };
  t.after(() => (globalThis.setTimeout = real));
  return pauses;
}

/** What a browser has and Node has not: a window that hears of the network. */
export function browser(t, onLine) {
  const window = new EventTarget();
  globalThis.addEventListener = window.addEventListener.bind(window);
  const navigator = Object.getOwnPropertyDescriptor(globalThis, "navigator");
  Object.defineProperty(globalThis, "navigator", { value: { onLine }, configurable: true });
  t.after(() => {
    delete globalThis.addEventListener;
    delete globalThis.navigator;
    if (navigator) {
      Object.defineProperty(globalThis, "navigator", navigator);
    }
  });
  return window;
}
