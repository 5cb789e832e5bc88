import assert from "node:assert/strict";
import { test } from "node:test";
import { useDifyChat } from "dify-jakarta/react";
import { Window } from "happy-dom";
import { act, createElement, StrictMode, useEffect, version } from "react";

// React looks for its window when it is loaded.
globalThis.window = new Window();
globalThis.document = window.document;
globalThis.navigator ??= window.navigator; // Node has one from 21 on
globalThis.IS_REACT_ACT_ENVIRONMENT = true;
const { createRoot } = await import("react-dom/client");

/** An API whose answers the test writes. */
function scripted() {
  const asked = [];
  const stopped = [];
  const api = {
    ask(question, { signal }) {
      const queue = [];
      let wake;
      const give = (event) => (queue.push(event), wake?.());
      signal.addEventListener("abort", () => give(null));
      asked.push({ question, signal, give });
      return (async function* () {
        for (;;) {
          while (queue.length === 0) {
            await new Promise((resolve) => (wake = resolve));
          }
          const event = queue.shift();
          signal.throwIfAborted();
          if (event === null) {
            return;
          }
          yield event;
        }
      })();
    },
    async stop(taskId) {
      stopped.push(taskId);
    },
  };
  return { api, asked, stopped };
}

const message = (answer) => ({ event: "message", task_id: "t1", conversation_id: "c1", answer });
const pass = (milliseconds) => act(() => new Promise((resolve) => setTimeout(resolve, milliseconds)));

function mount(element) {
  const place = document.createElement("main");
  const root = createRoot(place);
  act(() => root.render(element));
  return {
    shown: () => Array.from(place.children, ({ textContent }) => textContent),
    update: (next) => act(() => root.render(next)),
    unmount: () => act(() => root.unmount()),
  };
}

/** Asks when it is shown, as pages do that greet with an answer. */
function Greeting({ options, effects, seen }) {
  const chat = useDifyChat(options);
  seen?.push(chat);
  useEffect(() => {
    effects?.push("mounted");
    chat.send("Hello");
  }, []);
  return chat.messages.map(({ key, role, text, state }) => createElement("p", { key }, `${role}: ${text} (${state})`));
}

test(`React ${version} mounts twice in StrictMode, and that is one stream`, async () => {
  const { api, asked, stopped } = scripted();
  const effects = [];
  const root = mount(createElement(StrictMode, null, createElement(Greeting, { options: { api }, effects })));
  assert.deepEqual(effects, ["mounted", "mounted"]);
  await pass(30);
  assert.equal(asked.length, 1);
  assert.equal(asked[0].signal.aborted, false);

  asked[0].give(message("Good "));
  asked[0].give(message("morning"));
  await pass(60);
  assert.deepEqual(root.shown(), ["user: Hello (done)", "assistant: Good morning (streaming)"]);

  asked[0].give({ event: "message_end", task_id: "t1" });
  asked[0].give(null);
  await pass(30);
  assert.deepEqual(root.shown(), ["user: Hello (done)", "assistant: Good morning (done)"]);
  assert.deepEqual(stopped, []);
  root.unmount();
});

test(`React ${version} ends the answer when the component goes`, async () => {
  const { api, asked, stopped } = scripted();
  const root = mount(createElement(Greeting, { options: { api } }));
  asked[0].give(message("Good"));
  await pass(60);
  root.unmount();
  await pass(30);
  assert.equal(asked[0].signal.aborted, true);
  assert.deepEqual(stopped, ["t1"]);
});

test(`React ${version} keeps the conversation and its functions from render to render, and begins another for another app`, async () => {
  const { api, asked } = scripted();
  const seen = [];
  const show = (app) => createElement(Greeting, { options: { api, app, inputs: {} }, seen });
  const root = mount(show("sales"));
  root.update(show("sales"));
  assert.equal(asked.length, 1);
  assert.equal(seen.at(-1).send, seen[0].send);
  assert.equal(seen.at(-1).messages.length, 2);

  root.update(show("support"));
  await pass(30);
  assert.notEqual(seen.at(-1).send, seen[0].send);
  assert.deepEqual(seen.at(-1).messages, []);
  assert.equal(asked[0].signal.aborted, true);
  root.unmount();
});

test(`React ${version} tries again and stops`, async () => {
  const { api, asked, stopped } = scripted();
  const seen = [];
  const root = mount(createElement(Greeting, { options: { api }, seen }));
  asked[0].give(message("Go"));
  await pass(60);
  await act(() => seen.at(-1).stop());
  assert.deepEqual(stopped, ["t1"]);
  asked[0].give({ event: "message_end" });
  asked[0].give(null);
  await pass(30);
  assert.deepEqual(root.shown(), ["user: Hello (done)", "assistant: Go (stopped)"]);
  act(() => void seen.at(-1).retry());
  assert.equal(asked[1].question.query, "Hello");
  assert.deepEqual(root.shown(), ["user: Hello (done)", "assistant:  (streaming)"]);
  root.unmount();
  await pass(30);
});
