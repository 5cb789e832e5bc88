import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { SseDecoder, streamDify } from "../../main/resources/META-INF/resources/dify-ui/dify-stream.js";
import { collect } from "./relay.mjs";

const lines = [
  ": a comment",
  "",
  'data: {"event":"message","answer":"Gr\u00fc\u00df dich \u{1f44b}\u2028"}',
  "",
  "event: ping",
  "",
  "retry: 2500",
  "retry: soon",
  "id: 7",
  "event: named",
  "data:first",
  "data:  second",
  "unknown",
  "",
  "id: bad\0id",
  "data",
  "",
  "id",
  "data: : with colons: ",
  "",
  "id: 9",
  "data: never finished",
];

const expected = [
  { event: "message", data: '{"event":"message","answer":"Gr\u00fc\u00df dich \u{1f44b}\u2028"}', id: "" },
  { event: "named", data: "first\n second", id: "7" },
  { event: "message", data: "", id: "7" },
  { event: "message", data: ": with colons: ", id: "" },
];

function decode(bytes, cuts) {
  const utf8 = new TextDecoder();
  const decoder = new SseDecoder();
  const events = [];
  let from = 0;
  for (const to of [...cuts, bytes.length]) {
    events.push(...decoder.decode(utf8.decode(bytes.subarray(from, to), { stream: true })));
    from = to;
  }
  return { events, retry: decoder.retry };
}

for (const [name, lineEnd] of [["LF", "\n"], ["CR", "\r"], ["CRLF", "\r\n"]]) {
  for (const bom of ["", "\ufeff"]) {
    const bytes = new TextEncoder().encode(bom + lines.join(lineEnd) + lineEnd);

    test(`reads the same events with ${name}${bom && " behind a BOM"}, cut in any two places`, () => {
      for (let first = 0; first <= bytes.length; first++) {
        for (let second = first; second <= bytes.length; second += 1 + ((first * 7) % 5)) {
          assert.deepEqual(decode(bytes, [first, second]), { events: expected, retry: 2500 }, `${first}, ${second}`);
        }
      }
    });

    test(`reads the same events with ${name}${bom && " behind a BOM"}, byte by byte`, () => {
      const everywhere = Array.from(bytes, (_, i) => i);
      assert.deepEqual(decode(bytes, everywhere).events, expected);
    });
  }
}

test("gives an event with the blank line that ends it, not with the next one", () => {
  for (const end of ["\n\n", "\r\r", "\r\n\r", "\r\n\r\n"]) {
    assert.deepEqual(new SseDecoder().decode(`data: x${end}`), [{ event: "message", data: "x", id: "" }]);
  }
});

test("takes CR LF that is cut in the middle for one line end, also around an empty piece", () => {
  const decoder = new SseDecoder();
  assert.deepEqual(decoder.decode("data: a\r"), []);
  assert.deepEqual(decoder.decode(""), []);
  assert.deepEqual(decoder.decode("\ndata: b\r"), []);
  assert.deepEqual(decoder.decode("\n\r"), [{ event: "message", data: "a\nb", id: "" }]);
  assert.deepEqual(decoder.decode("\n"), []);
});

test("takes time in proportion to a long line, however it is cut", () => {
  const decoder = new SseDecoder();
  const piece = "x".repeat(1000);
  const began = performance.now();
  decoder.decode("data: ");
  for (let i = 0; i < 8000; i++) {
    decoder.decode(piece);
  }
  assert.equal(decoder.decode("\n\n")[0].data.length, 8_000_000);
  assert.ok(performance.now() - began < 5000);
});

const golden = new URL("../resources/golden/", import.meta.url);
for (const file of (await readdir(golden)).filter((name) => name.endsWith(".sse"))) {
  const bytes = await readFile(new URL(file, golden));
  const small = bytes.length < 100_000;

  test(`reads ${file} as it was recorded, in pieces of any size`, () => {
    const recorded = bytes.toString().split("\n\n").filter((frame) => frame.includes("data:"));
    const data = recorded.map((frame) => /data: ?(.*)/.exec(frame)[1]);
    for (const size of small ? [1, 2, 3, 7, 64, 1000, bytes.length] : [1000, 65_536, bytes.length]) {
      const cuts = Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => i * size);
      assert.deepEqual(decode(bytes, cuts).events.map((event) => event.data), data, `${size}`);
    }
  });

  test(`passes every event of ${file} on and tells how it ended`, async () => {
    const body = () => new Response(bytes, { headers: { "Content-Type": "text/event-stream" } });
    const stream = streamDify("http://relay/x/dify/default/chat-messages", {}, { fetch: async () => body() });
    const code = { chat_eof_without_terminal: "truncated", workflow_pings_only: "truncated" }[file.slice(0, -4)];
    if (code) {
      await assert.rejects(collect(stream), { name: "DifyError", code });
    } else if (bytes.includes('"event":"error"')) {
      const { status, code, message } = JSON.parse(/data: (.*"error".*)/.exec(bytes)[1]);
      await assert.rejects(collect(stream), { name: "DifyError", status, code, message, retryable: false });
    } else {
      assert.equal((await collect(stream)).length, bytes.toString().match(/^data:/gm).length);
    }
  });
}
