/** The conversation of <dify-chat>: asks, streams, stops, goes on after a reload, and counts down when there were too many questions. */
import { Answer, describe } from "./answer.js";
import { decision } from "./decision.js";
import { fill } from "./texts.js";

/** Milliseconds. A stopped answer ends by itself; after this long its connection is closed. */
const STOP_PATIENCE = 15_000;

export class Talk {
  conversationId = "";
  #chat;
  #memory;
  #parameters = {};
  #inputs = null;
  #last = null;
  #answer = null;
  #stream = null;
  #abort = null;
  #stopping = false;
  #blockedUntil = 0;

  /** @param chat the element's context */
  constructor(chat) {
    this.#chat = chat;
    // What the page is about belongs to a conversation from its beginning on: another order, another conversation.
    this.#memory = `dify-chat ${chat.api.url("")} ${JSON.stringify(chat.inputs)}`;
  }

  get running() {
    return this.#answer !== null;
  }

  /** Asks the app how to begin, and goes on where this tab was. */
  async start() {
    const { api, files, failed } = this.#chat;
    try {
      this.#parameters = await api.parameters();
      files.parameters = this.#parameters;
    } catch (error) {
      failed(error);
    }
    const { conversationId = "", running } = JSON.parse(sessionStorage.getItem(this.#memory) ?? "{}");
    if (conversationId !== "" || running) {
      await this.open(conversationId, running);
    } else {
      this.#clear(true);
    }
    this.#chat.emit("ready");
  }

  /** Sends a question, unless one is being answered or something is missing. Returns whether it was sent. */
  ask(query) {
    const { log, files, say, texts, emit } = this.#chat;
    const inputs = this.#inputs ?? log.inputs();
    if (this.running || this.#blockedUntil > 0 || files.busy || query.trim() === "" || inputs === null) {
      return false;
    }
    if (!navigator.onLine) {
      say(texts.offline);
      return false;
    }
    this.#inputs = inputs;
    this.#last = { query, files: files.take() };
    log.question(query, this.#last.files.map(({ name }) => name));
    emit("message", { role: "user", text: query });
    this.#send();
    return true;
  }

  /** Asks the last question again, in place of its answer. */
  retry() {
    if (!this.running && this.#blockedUntil === 0 && this.#last !== null) {
      this.#last.answer?.element.remove();
      this.#send();
    }
  }

  async stop() {
    this.#stopping = true;
    const abort = this.#abort;
    setTimeout(() => abort.abort(), STOP_PATIENCE);
    await this.#stopRun();
  }

  /** Shows a conversation of before; perhaps one whose last answer is still running. */
  async open(conversationId, running = null) {
    const { api, log, failed } = this.#chat;
    this.leave();
    this.conversationId = conversationId;
    try {
      const { data } = conversationId === "" ? { data: [] } : await api.messages(conversationId, { limit: 50 });
      this.#clear(data.length === 0 && !running);
      for (const message of data.filter(({ id }) => id !== running?.answer.messageId || id === "")) {
        log.question(message.query, (message.message_files ?? []).filter((file) => file.belongs_to === "user").map((file) => file.filename ?? file.type));
        const answer = new Answer(this.#chat);
        answer.show(message);
        log.answer(answer);
      }
    } catch (error) {
      this.conversationId = "";
      this.#clear(!running);
      failed(error);
    }
    this.#inputs = this.conversationId === "" ? null : {};
    log.follow(() => {});
    if (running) {
      this.#last = { query: running.query, files: [] };
      log.question(running.query);
      this.#follow((options) => api.resume(running.resumeUrl, running.lastEventId, options), running.answer);
    } else {
      this.#remember();
    }
  }

  /** Begins a new conversation. */
  begin() {
    this.leave();
    this.conversationId = "";
    this.#clear(true);
    this.#remember();
  }

  /** The page, or this conversation, is left. */
  leave() {
    this.#remember();
    this.#answer = null;
    this.#chat.composer.answering = false;
    this.#abort?.abort();
  }

  #clear(empty) {
    this.#last = null;
    this.#inputs = null;
    this.#chat.log.clear(this.#parameters, empty);
  }

  #send() {
    const { api, inputs } = this.#chat;
    const { query, files } = this.#last;
    const question = {
      query,
      inputs: { ...this.#inputs, ...inputs },
      conversation_id: this.conversationId,
      files: files.map(({ reference }) => reference),
    };
    this.#follow((options) => api.ask(question, options));
  }

  /** Shows an answer while it comes. */
  async #follow(begin, snapshot) {
    const { log, texts, say, composer, warn } = this.#chat;
    const answer = new Answer(this.#chat, snapshot);
    const abort = new AbortController();
    this.#answer = this.#last.answer = answer;
    this.#abort = abort;
    this.#stopping = false;
    composer.answering = true;
    warn("");
    say(texts.answering);
    log.answer(answer);
    log.scrollToEnd();
    this.#stream = begin({ signal: abort.signal, onReconnect: () => warn(texts.reconnecting) });
    const end = await this.#read(this.#stream, answer);
    if (this.#answer === answer) {
      this.#finish(answer, end);
    }
  }

  /** Reads to the end; resolves with the error, if there was one. */
  async #read(stream, answer) {
    try {
      for await (const event of stream) {
        const unnamed = answer.taskId === "";
        answer.take(event);
        if (unnamed && answer.taskId !== "") {
          this.#named(answer);
        }
        this.#chat.reconnected();
      }
      return null;
    } catch (error) {
      return error;
    }
  }

  #named(answer) {
    this.conversationId = answer.conversationId || this.conversationId;
    this.#remember();
    if (this.#stopping) {
      this.#stopRun();
    }
  }

  async #finish(answer, error) {
    const { texts, say, composer, emit, log } = this.#chat;
    this.#answer = null;
    composer.answering = false;
    this.#remember();
    const state = this.#stopping ? "stopped" : error || answer.failure ? "incomplete" : answer.pausedBy ? "paused" : "done";
    if (error?.code === "gone" && this.conversationId !== "") {
      await this.open(this.conversationId);
      return;
    }
    const notes = { stopped: texts.stopped, paused: texts.paused, done: "" };
    const note = notes[state] ?? describe(error ?? { message: answer.failure }, texts);
    log.follow(() => answer.finish(state, note));
    say(`${answer.spoken} ${note}`);
    emit("message", { role: "assistant", text: answer.text, state, messageId: answer.messageId, conversationId: this.conversationId });
    if (state === "incomplete") {
      emit("error", { error });
      this.#block(error?.retryAfter);
    } else if (state === "paused") {
      log.follow(() => answer.append(decision(this.#chat, answer.pausedBy, () => this.#goOn(answer.runId))));
    } else {
      await this.#suggest(answer);
    }
  }

  /** After a decision the run goes on, as another answer. */
  #goOn(runId) {
    const { api } = this.#chat;
    this.#follow((options) => api.resume(api.url(`workflow/${encodeURIComponent(runId)}/events`), "", options));
  }

  async #suggest(answer) {
    const { api, log, failed } = this.#chat;
    if (this.#parameters.suggested_questions_after_answer?.enabled && answer.messageId !== "") {
      const questions = await api.suggested(answer.messageId).catch((error) => (failed(error), []));
      if (!this.running && this.#last?.answer === answer) {
        log.suggest(questions);
      }
    }
  }

  /** Before the first event there is no task to name: then #named() does this. */
  async #stopRun() {
    const abort = this.#abort;
    if (this.#answer.taskId !== "") {
      // Whoever leaves is taken as one who stops.
      await this.#chat.api.stop(this.#answer.taskId).catch(() => abort.abort());
    }
  }

  /** Nothing can be asked for some seconds, which are counted down. */
  #block(seconds) {
    if (!(seconds > 0)) {
      return;
    }
    const { texts, lang, countdown, say } = this.#chat;
    this.#blockedUntil = performance.now() + 1000 * seconds;
    this.#setBlocked(true);
    const tick = () => {
      const left = Math.ceil((this.#blockedUntil - performance.now()) / 1000);
      if (left > 0) {
        countdown(fill(texts.wait, { time: duration(left, lang) }));
        return;
      }
      clearInterval(timer);
      this.#blockedUntil = 0;
      this.#setBlocked(false);
      countdown("");
      say(texts.waited);
    };
    const timer = setInterval(tick, 1000);
    tick();
  }

  #setBlocked(blocked) {
    const { log, composer } = this.#chat;
    composer.blocked = blocked;
    log.element.querySelectorAll(".retry").forEach((retry) => (retry.disabled = blocked));
  }

  /** Where this tab goes on after a reload. */
  #remember() {
    const running = this.#answer && this.#stream?.resumeUrl && {
      query: this.#last.query,
      resumeUrl: this.#stream.resumeUrl,
      lastEventId: this.#stream.lastEventId,
      answer: this.#answer.snapshot,
    };
    sessionStorage.setItem(this.#memory, JSON.stringify({ conversationId: this.conversationId, running: running || undefined }));
  }
}

/** Seconds in words: minutes from two of them on. */
function duration(seconds, lang) {
  const [value, unit] = seconds < 120 ? [seconds, "second"] : [Math.ceil(seconds / 60), "minute"];
  return new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(value);
}
