import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

// The file is a module for browsers: without a package.json beside it Node would take its .js for CommonJS.
const source = await readFile(new URL("../../main/webapp/static/sse.js", import.meta.url), "utf8");
const { SseDecoder, readEvents } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const frames = (lineEnd) =>
  [
    ": a comment",
    "",
    'data: {"event":"message","answer":"Gr\u00fc\u00df dich \u{1f44b}\u2028"}',
    "",
    "event: ping",
    "",
    "event: named",
    "data:first",
    "data:  second",
    "id: 7",
    "unknown",
    "",
    "data",
    "",
    "data: never finished",
  ].join(lineEnd) + lineEnd;

const expected = [
  { event: "message", data: '{"event":"message","answer":"Gr\u00fc\u00df dich \u{1f44b}\u2028"}' },
  { event: "named", data: "first\n second" },
  { event: "message", data: "" },
];

function bodyOf(bytes, size) {
  let from = 0;
  return new ReadableStream({
    pull(controller) {
      if (from >= bytes.length) {
        controller.close();
        return;
      }
      controller.enqueue(bytes.slice(from, from + size));
      from += size;
    },
  });
}

for (const [name, lineEnd] of [["LF", "\n"], ["CR", "\r"], ["CRLF", "\r\n"]]) {
  for (const size of [1, 2, 3, 7, 1000]) {
    test(`reads the same events with ${name} in pieces of ${size} bytes`, async () => {
      const events = [];
      for await (const event of readEvents(bodyOf(new TextEncoder().encode(frames(lineEnd)), size))) {
        events.push(event);
      }
      assert.deepEqual(events, expected);
    });
  }
}

test("gives an event with the blank line that ends it, not with the next one", () => {
  const decoder = new SseDecoder();
  assert.deepEqual(decoder.decode("data: now\r\n\r"), [{ event: "message", data: "now" }]);
  assert.deepEqual(decoder.decode("\ndata: then\n\n"), [{ event: "message", data: "then" }]);
});

test("cancels the body when its reader leaves early", async () => {
  let cancelled = false;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode("data: one\n\ndata: two\n\n")),
    cancel: () => {
      cancelled = true;
    },
  });
  for await (const event of readEvents(body)) {
    assert.equal(event.data, "one");
    break;
  }
  assert.equal(cancelled, true);
});
