import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Answer, Conversation } from "../../main/resources/META-INF/resources/dify-ui/dify-conversation.js";
import { DifyError, SseDecoder } from "../../main/resources/META-INF/resources/dify-ui/dify-stream.js";
import { answer, relay } from "./relay.mjs";

/** An API whose answers are written by the test, event by event. */
function scripted(history = []) {
  const calls = [];
  let reader;
  const api = {
    ask(question, { signal }) {
      calls.push(["ask", question]);
      const events = [];
      let wake;
      signal.addEventListener("abort", () => reader.fail(signal.reason));
      reader = {
        give: (...more) => (events.push(...more), wake?.()),
        fail: (error) => reader.give({ error }),
        end: () => reader.give({ end: true }),
      };
      return (async function* () {
        for (;;) {
          while (events.length === 0) {
            await new Promise((resolve) => (wake = resolve));
          }
          const event = events.shift();
          if (event.error) {
            throw event.error;
          }
          if (event.end) {
            return;
          }
          yield event;
        }
      })();
    },
    async stop(taskId) {
      calls.push(["stop", taskId]);
    },
    async messages(conversationId) {
      calls.push(["messages", conversationId]);
      return { data: history };
    },
  };
  return { api, calls, answer: () => reader };
}

const ids = { task_id: "t1", message_id: "m1", conversation_id: "c1" };
const message = (text) => ({ event: "message", ...ids, answer: text });
const end = { event: "message_end", ...ids, metadata: { retriever_resources: [{ document_name: "manual" }] } };

/** Waits for a state, without asking for it all the time. */
function state(conversation, condition) {
  return new Promise((resolve) => {
    const look = () => {
      if (condition(conversation.state)) {
        leave();
        resolve(conversation.state);
      }
    };
    const leave = conversation.subscribe(look);
    look();
  });
}

const texts = ({ messages }) => messages.map(({ text, state }) => `${text}|${state}`);

test("shows the question at once, then the answer as it grows, then both whole", async () => {
  const { api, calls, answer } = scripted();
  const conversation = new Conversation({ api, inputs: { order: 7 } });
  const states = [];
  conversation.subscribe(() => states.push(conversation.state));
  const sent = conversation.send("Where?", { inputs: { tone: "calm" } });
  assert.deepEqual(texts(conversation.state), ["Where?|done", "|streaming"]);
  assert.equal(conversation.state.status, "submitted");

  answer().give(message("On "), message("its "));
  const growing = await state(conversation, ({ status }) => status === "streaming");
  assert.deepEqual(texts(growing), ["Where?|done", "On its |streaming"]);

  answer().give(message("way"), end);
  answer().end();
  await sent;
  const { messages, status, conversationId } = conversation.state;
  assert.deepEqual(texts(conversation.state), ["Where?|done", "On its way|done"]);
  assert.deepEqual(messages[1].sources, [{ document_name: "manual" }]);
  assert.equal(messages[1].messageId, "m1");
  assert.equal(status, "ready");
  assert.equal(conversationId, "c1");
  assert.equal(new Set(states).size, states.length);
  assert.equal(states.at(-1).messages[1].key, states[0].messages[1].key);
  assert.deepEqual(calls, [
    ["ask", { query: "Where?", inputs: { order: 7, tone: "calm" }, files: undefined, conversation_id: "" }],
  ]);
});

test("tells of many pieces at once, not one by one", async () => {
  const { api, answer } = scripted();
  const conversation = new Conversation({ api });
  let changes = 0;
  conversation.subscribe(() => changes++);
  const sent = conversation.send("All?");
  answer().give(...Array.from({ length: 5000 }, () => message("x")), end);
  answer().end();
  await sent;
  assert.equal(conversation.state.messages[1].text.length, 5000);
  assert.ok(changes < 50, `${changes}`);
});

test("sends one question at a time: another one meanwhile is the one that is running", async () => {
  const { api, calls, answer } = scripted();
  const conversation = new Conversation({ api });
  const first = conversation.send("a");
  assert.equal(conversation.send("a"), first);
  answer().give(end);
  answer().end();
  await first;
  const second = conversation.send("b");
  answer().give(end);
  answer().end();
  await second;
  assert.deepEqual(calls.map(([, { query, conversation_id }]) => [query, conversation_id]), [["a", ""], ["b", "c1"]]);
});

test("keeps what came of an answer that broke off, and tries it again in its place", async () => {
  const { api, calls, answer } = scripted();
  const conversation = new Conversation({ api });
  const sent = conversation.send("Where?", { inputs: { order: 7 } });
  answer().give(message("On"));
  const error = new DifyError(0, "truncated", "The answer broke off.");
  answer().fail(error);
  await sent;
  assert.deepEqual(texts(conversation.state), ["Where?|done", "On|incomplete"]);
  assert.equal(conversation.state.status, "error");
  assert.equal(conversation.state.error, error);
  assert.equal(conversation.state.messages[1].error, error);

  const again = conversation.retry();
  assert.deepEqual(texts(conversation.state), ["Where?|done", "|streaming"]);
  assert.equal(conversation.state.error, undefined);
  answer().give(message("Here"), end);
  answer().end();
  await again;
  assert.deepEqual(texts(conversation.state), ["Where?|done", "Here|done"]);
  assert.deepEqual(calls[1][1].inputs, { order: 7 });
});

test("stops an answer at Dify, which then ends it", async () => {
  const { api, calls, answer } = scripted();
  const conversation = new Conversation({ api });
  const sent = conversation.send("a");
  answer().give(message("One"));
  await state(conversation, ({ status }) => status === "streaming");
  await conversation.stop();
  answer().give(end);
  answer().end();
  await sent;
  assert.deepEqual(calls.slice(1), [["stop", "t1"]]);
  assert.deepEqual(texts(conversation.state), ["a|done", "One|stopped"]);
  assert.equal(conversation.state.status, "ready");
});

test("stops an answer as soon as it has a name", async () => {
  const { api, calls, answer } = scripted();
  const conversation = new Conversation({ api });
  const sent = conversation.send("a");
  await conversation.stop();
  assert.equal(calls.length, 1);
  answer().give(message("One"), end);
  answer().end();
  await sent;
  assert.deepEqual(calls.slice(1), [["stop", "t1"]]);
});

test("leaves and stops an answer when it is closed, and is ready for another", async () => {
  const { api, calls, answer } = scripted();
  const conversation = new Conversation({ api });
  const sent = conversation.send("a");
  answer().give(message("One"));
  await state(conversation, ({ status }) => status === "streaming");
  conversation.close();
  await sent;
  assert.deepEqual(calls.slice(1), [["stop", "t1"]]);
  assert.deepEqual(texts(conversation.state), ["a|done", "One|stopped"]);
  conversation.send("b");
  assert.equal(calls.at(-1)[1].query, "b");
  conversation.close();
});

test("opens a conversation with its history, and begins a new one", async () => {
  const turn = { id: "m7", query: "Where?", answer: "There", error: null };
  const { api, calls } = scripted([turn, { ...turn, id: "m8", error: "no credit" }]);
  const conversation = new Conversation({ api });
  await conversation.open("c7");
  assert.deepEqual(texts(conversation.state), ["Where?|done", "There|done", "Where?|done", "There|incomplete"]);
  assert.equal(conversation.state.conversationId, "c7");
  assert.equal(conversation.state.messages[3].error.message, "no credit");

  await conversation.open();
  assert.deepEqual(conversation.state.messages, []);
  assert.equal(conversation.state.conversationId, "");
  assert.deepEqual(calls, [["messages", "c7"]]);
});

/** An API whose histories come when the test says so, also to who has left. */
function histories() {
  const waiting = {};
  const { api, answer } = scripted();
  api.messages = (conversationId) => new Promise((resolve, reject) => (waiting[conversationId] = { resolve, reject }));
  return {
    api,
    answer,
    bring: (id) => waiting[id].resolve({ data: [{ id: `m-${id}`, query: id, answer: `of ${id}`, error: null }] }),
    refuse: (id) => waiting[id].reject(new DifyError(404, "not_found", "No such conversation.")),
  };
}

for (const late of ["bring", "refuse"]) {
  test(`shows the conversation that was opened last, whenever the one before is there (${late})`, async () => {
    const server = histories();
    const conversation = new Conversation({ api: server.api });
    const opened = [conversation.open("a"), conversation.open("b")];
    await Promise.resolve();
    server.bring("b");
    await opened[1];
    server[late]("a");
    await opened[0];
    assert.deepEqual(texts(conversation.state), ["b|done", "of b|done"]);
    assert.equal(conversation.state.status, "ready");
    assert.equal(conversation.state.conversationId, "b");
  });
}

test("keeps a question that was asked while the history was loading", async () => {
  const server = histories();
  const conversation = new Conversation({ api: server.api });
  const opened = conversation.open("a");
  const sent = conversation.send("Where?");
  assert.equal(conversation.state.conversationId, "a");
  server.bring("a");
  await opened;
  assert.deepEqual(texts(conversation.state), ["Where?|done", "|streaming"]);

  server.answer().give(message("There"), end);
  server.answer().end();
  await sent;
  assert.deepEqual(texts(conversation.state), ["Where?|done", "There|done"]);
});

test("takes no history after it was closed", async () => {
  const server = histories();
  const conversation = new Conversation({ api: server.api });
  const opened = conversation.open("a");
  await Promise.resolve();
  conversation.close();
  server.bring("a");
  await opened;
  assert.deepEqual(conversation.state.messages, []);
});

test("says why a history cannot be had", async () => {
  const error = new DifyError(404, "not_found", "No such conversation.");
  const conversation = new Conversation({ api: { messages: () => Promise.reject(error) } });
  await conversation.open("c7");
  assert.equal(conversation.state.status, "error");
  assert.equal(conversation.state.error, error);
});

test("talks to a relay by default", async (t) => {
  const server = await relay(answer(3));
  t.after(() => server.close());
  const conversation = new Conversation({ base: server.base });
  await conversation.send("Where?");
  assert.equal(conversation.state.messages[1].text, "0 1 2 ");
  assert.equal(conversation.state.conversationId, "c1");
});

for (const [file, text, ended] of [
  ["chat_basic", "Hello, \u4e16\u754c \u{1f600}\nline two", "done"],
  ["chat_moderation_replace", undefined, "done"],
  ["new_agent_1_16", undefined, "done"],
  ["chat_message_file_as_text", undefined, "done"],
  ["chatflow_success_1_12", undefined, "done"],
  ["chatflow_success_1_13_plus", undefined, "done"],
  ["chatflow_failed", "", "incomplete"],
  ["chatflow_stopped", undefined, "stopped"],
  ["chatflow_paused", "", "paused"],
]) {
  test(`ends ${file} as ${ended}, with the text that Dify keeps`, async () => {
    const events = new SseDecoder()
      .decode(await readFile(new URL(`../resources/golden/${file}.sse`, import.meta.url), "utf8"))
      .map(({ data }) => JSON.parse(data));
    const answer = new Answer();
    events.forEach((event) => answer.take(event));
    assert.equal(answer.state, ended);
    assert.equal(answer.text, text ?? textOf(events));
    assert.equal(answer.error?.code, ended === "incomplete" ? "workflow_failed" : undefined);
  });
}

/** The same told in another way: a whole text counts in place of what came before it. */
function textOf(events) {
  const agent = events.some(({ event }) => event === "agent_message");
  const whole = events.findLastIndex(({ event }) => event === "message_replace" || (agent && event === "message"));
  const pieces = events.slice(Math.max(whole, 0)).filter(({ answer, url }) => typeof answer === "string" && !url);
  return pieces.map(({ answer }) => answer).join("");
}
