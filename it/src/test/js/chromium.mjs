/** A headless Chromium, driven by the few commands of W3C WebDriver that the tests need. */
import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const PATIENCE = 10_000;

export const KEYS = { enter: "\uE007", tab: "\uE004", escape: "\uE00C", shift: "\uE008", space: " ", up: "\uE013" };

export class Chromium {
  #driver;
  #base;

  static async start() {
    const browser = new Chromium();
    browser.#driver = spawn("chromedriver", ["--port=0"], { stdio: ["ignore", "pipe", "inherit"] });
    for await (const line of createInterface(browser.#driver.stdout)) {
      const port = /successfully on port (\d+)/.exec(line)?.[1];
      if (port !== undefined) {
        browser.#base = `http://127.0.0.1:${port}`;
        break;
      }
    }
    browser.#driver.stdout.resume();
    const args = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars", "--force-color-profile=srgb"];
    const { sessionId } = await browser.#send("POST", "/session", {
      capabilities: { alwaysMatch: { "goog:chromeOptions": { args }, "goog:loggingPrefs": { browser: "ALL" } } },
    });
    browser.#base += `/session/${sessionId}`;
    await browser.#send("POST", "/timeouts", { script: 60_000 });
    return browser;
  }

  async close() {
    await this.#send("DELETE", "");
    this.#driver.kill();
  }

  go(url) {
    return this.#send("POST", "/url", { url });
  }

  reload() {
    return this.#send("POST", "/refresh", {});
  }

  /** Calls a function in the page, which may be asynchronous and return an element. */
  run(script, ...args) {
    return this.#send("POST", "/execute/sync", { script: `return (${script})(...arguments)`, args });
  }

  /** Waits until a function in the page returns something true, and returns that. */
  async until(script, ...args) {
    for (const start = Date.now(); Date.now() - start < PATIENCE; ) {
      const value = await this.run(script, ...args);
      if (value) {
        return value;
      }
      await this.run(() => new Promise((frame) => requestAnimationFrame(frame)));
    }
    throw new Error(`Never came true: ${script} ${args}`);
  }

  /** Clicks, as a mouse would, an element of the chat or of the page. */
  async click(css) {
    const element = await this.find(css);
    await this.#send("POST", `/element/${element[ELEMENT]}/click`, {});
  }

  async type(css, text) {
    const element = await this.find(css);
    await this.#send("POST", `/element/${element[ELEMENT]}/value`, { text });
  }

  find(css) {
    return this.until((css) => document.querySelector("dify-chat")?.shadowRoot.querySelector(css) ?? document.querySelector(css), css);
  }

  /** Presses keys one after the other, wherever the focus is. */
  keys(...keys) {
    const actions = keys.flatMap((value) => [{ type: "keyDown", value }, { type: "keyUp", value }]);
    return this.#send("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
  }

  wheel(x, y, deltaY) {
    const actions = [{ type: "scroll", x, y, deltaX: 0, deltaY, duration: 0, origin: "viewport" }];
    return this.#send("POST", "/actions", { actions: [{ type: "wheel", id: "wheel", actions }] });
  }

  /** A command of Chromium's DevTools protocol. */
  devtools(cmd, params) {
    return this.#send("POST", "/goog/cdp/execute", { cmd, params });
  }

  /** Sets what the page sees of screen and system. */
  async emulate({ width = 1100, height = 800, dark = false, reducedMotion = false, phone = false }) {
    await this.devtools("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: phone ? 2 : 1, mobile: phone });
    await this.devtools("Emulation.setEmulatedMedia", {
      features: [
        { name: "prefers-color-scheme", value: dark ? "dark" : "light" },
        { name: "prefers-reduced-motion", value: reducedMotion ? "reduce" : "no-preference" },
      ],
    });
  }

  /** What the console has said since the last call. */
  log() {
    return this.#send("POST", "/se/log", { type: "browser" });
  }

  async screenshot(file) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(await this.#send("GET", "/screenshot"), "base64"));
  }

  async #send(method, path, body) {
    const response = await fetch(this.#base + path, { method, body: body && JSON.stringify(body) });
    const { value } = await response.json();
    if (!response.ok) {
      throw new Error(`${path}: ${value.error}: ${value.message}`);
    }
    return value;
  }
}
