import { DifyApi } from "./dify-api.js";
import { DifyError } from "./dify-stream.js";

export { DifyApi, DifyError };

/** A stopped answer ends by itself; after this long its connection is closed. */
const STOP_PATIENCE = 15_000;
/** Readers are told of a growing answer once a frame: tokens may come faster than anything can be drawn. */
const FRAME = 16;

let keys = 0;

export class Answer {
  text = "";
  taskId = "";
  messageId = "";
  conversationId = "";
  sources = [];
  state = "streaming";
  error;
  #byAgent = false;

  take(event) {
    this.taskId ||= event.task_id ?? "";
    this.messageId ||= event.message_id ?? "";
    this.conversationId ||= event.conversation_id ?? "";
    switch (event.event) {
      case "agent_message":
        this.#byAgent = true;
        this.text += event.answer;
        break;
      case "message":
        // After the pieces of an agent a message repeats the whole answer.
        this.text = this.#byAgent ? event.answer : this.text + event.answer;
        break;
      case "message_replace":
        this.text = event.answer;
        break;
      case "message_file":
        // Old servers sent text under this name.
        this.text += event.url ? "" : (event.answer ?? "");
        break;
      case "message_end":
        this.sources = event.metadata?.retriever_resources ?? [];
        this.state = "done";
        break;
      case "workflow_paused":
        this.state = "paused";
        break;
      case "workflow_finished":
        this.#finish(event.data ?? {});
        break;
    }
  }

  #finish({ status, error }) {
    if (this.state === "done") {
      // A chatflow whose message has ended has succeeded, whatever it says after that.
      return;
    }
    if (status === "failed") {
      this.state = "incomplete";
      this.error = new DifyError(0, "workflow_failed", error || "The run failed.");
    } else {
      this.state = status === "stopped" ? "stopped" : "done";
    }
  }
}

export class Conversation {
  state;
  #inputs;
  #listeners = new Set();
  #running;
  #answer;
  #control;
  #stopping = false;
  #patience;
  #more = {};

  constructor({ api, conversationId = "", inputs, ...options } = {}) {
    this.api = api ?? new DifyApi(options);
    this.#inputs = inputs;
    this.state = { messages: [], status: "ready", error: undefined, conversationId };
  }

  subscribe = (changed) => {
    this.#listeners.add(changed);
    return () => this.#listeners.delete(changed);
  };

  send(query, more = {}) {
    this.#running ??= this.#ask(query, more).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async stop() {
    if (this.#running && !this.#stopping) {
      this.#stopping = true;
      this.#patience = setTimeout(() => this.#control.abort(), STOP_PATIENCE);
      await this.#stopRun();
    }
  }

  async retry() {
    const messages = this.state.messages;
    const last = messages.findLastIndex(({ role }) => role === "user");
    if (last >= 0 && !this.#running) {
      this.#change({ messages: messages.slice(0, last) });
      await this.send(messages[last].text, this.#more);
    }
  }

  async open(conversationId = "") {
    this.close();
    if (this.#running) {
      // Only then: what is asked right behind this belongs to it already.
      await this.#running;
    }
    const control = (this.#control = new AbortController());
    const wanted = () => this.#control === control && !control.signal.aborted;
    this.#more = {};
    this.#change({ messages: [], status: "ready", error: undefined, conversationId });
    if (conversationId === "") {
      return;
    }
    try {
      const { data } = await this.api.messages(conversationId, { signal: control.signal });
      if (wanted()) {
        this.#change({ messages: data.flatMap(fromHistory) });
      }
    } catch (error) {
      if (wanted()) {
        this.#change({ status: "error", error });
      }
    }
  }

  close() {
    if (this.#running) {
      // What Dify does not hear of it would go on, and cost.
      this.#stopping = true;
      this.#stopRun();
    }
    this.#control?.abort();
  }

  async #ask(query, more) {
    const control = (this.#control = new AbortController());
    const answer = (this.#answer = new Answer());
    const { conversationId } = this.state;
    this.#stopping = false;
    this.#more = more;
    const question = { key: key(), role: "user", text: query, state: "done", files: more.files };
    const reply = { key: key(), role: "assistant", text: "", state: "streaming" };
    const before = [...this.state.messages, question];
    const show = (fields) => {
      const { text, messageId, sources } = answer;
      return { messages: [...before, { ...reply, text, messageId, sources, ...fields }] };
    };
    this.#change({ ...show(), status: "submitted", error: undefined });
    let timer;
    let error;
    try {
      const inputs = { ...this.#inputs, ...more.inputs };
      const body = { query, inputs, files: more.files, conversation_id: conversationId };
      for await (const event of this.api.ask(body, { signal: control.signal })) {
        const unnamed = answer.taskId === "";
        answer.take(event);
        if (this.#stopping && unnamed && answer.taskId !== "") {
          this.#stopRun();
        }
        timer ??= setTimeout(() => {
          timer = undefined;
          this.#change({ ...show(), status: "streaming" });
        }, FRAME);
      }
      error = answer.error;
    } catch (failure) {
      error = this.#stopping ? undefined : failure;
    }
    clearTimeout(timer);
    clearTimeout(this.#patience);
    const state = error ? "incomplete" : this.#stopping ? "stopped" : answer.state;
    const end = { status: error ? "error" : "ready", error, conversationId: answer.conversationId || conversationId };
    this.#change({ ...show({ state, error }), ...end });
  }

  /** Asks Dify to stop; before the first event there is no task to name. */
  async #stopRun() {
    const control = this.#control;
    if (this.#answer.taskId !== "") {
      // Whoever leaves is taken as one who stops.
      await this.api.stop(this.#answer.taskId).catch(() => control.abort());
    }
  }

  #change(fields) {
    this.state = { ...this.state, ...fields };
    this.#listeners.forEach((changed) => changed());
  }
}

function key() {
  return `m${++keys}`;
}

function fromHistory({ id, query, answer, error, retriever_resources }) {
  const failed = error ? new DifyError(0, "run_failed", error) : undefined;
  return [
    { key: key(), role: "user", text: query, state: "done" },
    {
      key: key(),
      role: "assistant",
      text: answer,
      state: failed ? "incomplete" : "done",
      error: failed,
      messageId: id,
      sources: retriever_resources ?? [],
    },
  ];
}
