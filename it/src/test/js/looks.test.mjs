import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Chromium } from "./chromium.mjs";
import { Server } from "./server.mjs";

/** Where pictures go, and where axe-core is. */
const target = process.env.TARGET ?? "target";
const axe = await readFile(createRequire(join(process.env.NODE_MODULES ?? "", "x")).resolve("axe-core/axe.min.js"), "utf8");

const states = ["welcome", "opening", "form", "streaming", "answer", "table", "error", "quota", "offline", "decision", "history", "upload", "rtl", "floating"];
const screens = { phone: { width: 390, height: 844, phone: true }, desktop: { width: 1100, height: 800 } };

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

/** What a state looks like when it is all there. */
const arrived = {
  streaming: ".content ol li:nth-child(2)",
  answer: ".suggestions",
  table: ".suggestions",
  error: ".retry",
  quota: ".notice:not([hidden])",
  offline: ".notice:not([hidden])",
  decision: ".fields button",
  history: ".entry",
  upload: ".files li:nth-child(2)",
  rtl: ".suggestions",
  form: ".fields",
  opening: ".suggestions",
  welcome: ".suggestions",
};

async function open(state, query = "") {
  await browser.go(`${server.url}/gallery/?only=${state}${query}`);
  if (state === "floating") {
    await browser.click(".launcher");
    await browser.until(() => document.querySelector("dify-chat").shadowRoot.querySelector(".suggestions") !== null);
  } else {
    await browser.until((css) => document.querySelector("dify-chat")?.shadowRoot?.querySelector(css) !== null, arrived[state]);
  }
  // Without what moves.
  await browser.run(() => Promise.all(document.getAnimations().filter(({ effect }) => effect.getTiming().iterations === 1).map(({ finished }) => finished)));
}

for (const state of states) {
  for (const dark of [false, true]) {
    test(`${state} is accessible in ${dark ? "dark" : "light"}`, async () => {
      for (const [screen, size] of Object.entries(screens)) {
        await browser.emulate({ ...size, dark, reducedMotion: true });
        await open(state);
        await browser.screenshot(join(target, "screenshots", `${state}-${screen}-${dark ? "dark" : "light"}.png`));
        await browser.devtools("Runtime.evaluate", { expression: axe });
        const { violations } = await browser.run(() => axe.run());
        assert.deepEqual(violations.map(({ id, nodes }) => [id, nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`)]), [], screen);
      }
    });
  }
}

test("all that can be pressed is 44 pixels large", async () => {
  await browser.emulate(screens.phone);
  for (const state of states) {
    await open(state);
    const small = await browser.run(() =>
      [...document.querySelector("dify-chat").shadowRoot.querySelectorAll("button, summary, input:not([type=checkbox], [type=file]), select, textarea")]
        .filter((element) => element.checkVisibility())
        .map((element) => [element.ariaLabel ?? element.textContent, element.getBoundingClientRect()])
        .filter(([, { width, height }]) => width < 44 || height < 43.9)
        .map(([name, { width, height }]) => `${name} ${width}x${height}`),
    );
    assert.deepEqual(small, [], state);
  }
});

test("nothing moves for who does not want it", async () => {
  await browser.emulate({ reducedMotion: true });
  await open("streaming");
  assert.equal(await browser.run(() => document.querySelector("dify-chat").shadowRoot.getAnimations().length), 0);
});
