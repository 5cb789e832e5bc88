/** The conversation of <dify-chat>: asks, streams, stops, goes on after a reload, and counts down when there were too many questions. */
import { Answer, describe } from "./answer.js";
import { countDown, inWords } from "./countdown.js";
import { decision } from "./decision.js";
import { Memory } from "./memory.js";
import { Run } from "./run.js";
import { fill } from "./texts.js";

export class Talk {
  conversationId = "";
  #chat;
  #memory;
  #parameters = {};
  #inputs = null;
  /** The last question, and its answer once there is one. */
  #last = null;
  #run = null;
  #blocked = false;
  /** What comes once the app has said how to begin; null as soon as it has. */
  #next = () => this.#restore();
  /** What is being loaded before anything can be asked; another one as soon as that is not wanted any more. */
  #loading = {};
  /** Asked while that was so. */
  #early = "";

  /** @param chat the element's context */
  constructor(chat) {
    this.#chat = chat;
    this.#memory = new Memory(chat);
  }

  get running() {
    return this.#run !== null;
  }

  /** Asks the app how to begin, and goes on where this tab was, unless something else was chosen by then. */
  async start() {
    const { api, files, failed, emit } = this.#chat;
    const loading = this.#loading;
    try {
      this.#parameters = await api.parameters();
      files.parameters = this.#parameters;
    } catch (error) {
      failed(error);
    }
    if (this.#loading !== loading) {
      return;
    }
    const next = this.#next;
    this.#next = null;
    await next();
    emit("ready");
  }

  /** Sends a question, unless one is being answered or something is missing. Returns whether it was sent, or will be in a moment. */
  ask(query) {
    const { log, files, say, texts, emit } = this.#chat;
    if (this.#loading !== null) {
      this.#early = query;
      return true;
    }
    const inputs = this.#inputs ?? log.inputs();
    if (this.running || this.#blocked || files.busy || query.trim() === "" || inputs === null) {
      return false;
    }
    if (!navigator.onLine) {
      say(texts.offline);
      return false;
    }
    this.#inputs = inputs;
    this.#last = { query, files: files.take() };
    log.keepFocus(() => log.question(query, this.#last.files.map(({ name }) => name)));
    emit("message", { role: "user", text: query });
    this.#send();
    return true;
  }

  /** Asks the last question again, in place of its answer. */
  retry() {
    if (!this.running && !this.#blocked && this.#last !== null) {
      this.#chat.log.keepFocus(() => this.#last.answer?.element.remove());
      this.#send();
    }
  }

  stop() {
    this.#run?.stop();
  }

  /** Shows a conversation of before; perhaps one whose last answer is still running. */
  async open(conversationId, running = null) {
    const { api, log, failed } = this.#chat;
    if (this.#next !== null) {
      this.#next = () => this.open(conversationId, running);
      return;
    }
    this.#abandon();
    const loading = (this.#loading = {});
    let messages = [];
    try {
      messages = conversationId === "" ? [] : (await api.messages(conversationId, { limit: 100 })).data;
    } catch (error) {
      conversationId = "";
      // Another user may be at this tab by now: what was running is the other one's, as the conversation is.
      running = error.status === 404 ? null : running;
      failed(error);
    }
    if (this.#loading !== loading) {
      return;
    }
    this.#clear(messages.length === 0 && !running);
    this.conversationId = conversationId;
    this.#inputs = conversationId === "" ? null : {};
    messages.filter(({ id }) => id !== running?.messageId).forEach((message) => this.#show(message));
    log.follow(() => {});
    if (running) {
      this.#last = { query: running.query, files: [] };
      // Whose the conversation is may see the question at once; else only once the server gives the answer to who is here.
      const hidden = conversationId === "";
      if (!hidden) {
        log.question(running.query);
      }
      // From its beginning: so its steps and sources come again, too.
      this.#follow((options) => api.resume(running.resumeUrl, "", options), hidden);
    }
    this.#loaded();
  }

  /** Begins a new conversation. */
  begin() {
    if (this.#next !== null) {
      this.#next = () => this.begin();
      return;
    }
    this.#abandon();
    this.conversationId = "";
    this.#clear(true);
    this.#loaded();
  }

  /** The page is left; the answer that is running can be taken up again by who comes back soon. */
  leave() {
    if (this.#loading === null) {
      this.#remember();
    }
    this.#loading = {};
    this.#chat.composer.answering = false;
    this.#run?.leave();
    this.#run = null;
  }

  async #restore() {
    const { conversationId, running } = this.#memory.get();
    if (conversationId !== "" || running !== null) {
      await this.open(conversationId, running);
    } else {
      this.begin();
    }
  }

  #loaded() {
    const { composer } = this.#chat;
    const early = this.#early;
    this.#loading = null;
    this.#early = "";
    this.#remember();
    if (early !== "" && !this.ask(early)) {
      composer.input.value = early;
      composer.show();
    }
  }

  #show(message) {
    const { log } = this.#chat;
    const files = (message.message_files ?? []).filter(({ belongs_to }) => belongs_to === "user");
    const answer = new Answer(this.#chat);
    log.question(message.query, files.map(({ filename, type }) => filename ?? type));
    answer.show(message);
    log.answer(answer);
  }

  /** Nobody will come back to this conversation's answer. */
  #abandon() {
    this.stop();
    this.leave();
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

  /**
   * Shows an answer while it comes.
   *
   * @param hidden whether its question is shown only once something comes
   */
  async #follow(begin, hidden = false) {
    const { log, texts, say, composer, warn } = this.#chat;
    warn("");
    const run = new Run(this.#chat, begin);
    this.#run = run;
    this.#last.answer = run.answer;
    composer.answering = true;
    say(texts.answering);
    log.answer(run.answer);
    log.scrollToEnd();
    const heard = () => {
      if (hidden && this.#run === run) {
        hidden = false;
        log.question(this.#last.query);
        log.answer(run.answer);
      }
    };
    const error = await run.read(heard, () => this.#named(run));
    if (this.#run === run) {
      await (hidden ? this.#forget(run, error) : this.#finish(run, error));
    }
  }

  #named({ answer }) {
    this.conversationId = answer.said.conversationId || this.conversationId;
    this.#remember();
  }

  /** Nothing came of an answer whose question is not shown: who is here may not be who has asked. */
  #forget({ stopping }, error) {
    this.#run = null;
    this.begin();
    if (!stopping) {
      this.#chat.failed(error);
    }
  }

  async #finish({ answer, stopping }, error) {
    const { texts, say, composer, emit, log } = this.#chat;
    const { said } = answer;
    this.#run = null;
    composer.answering = false;
    this.#remember();
    if (error?.code === "gone" && this.conversationId !== "") {
      await this.open(this.conversationId);
      return;
    }
    const failure = error ?? said.error;
    const state = stopping ? "stopped" : failure ? "incomplete" : said.state;
    const note = { stopped: texts.stopped, paused: texts.paused, done: "" }[state] ?? describe(failure, texts);
    log.follow(() => answer.finish(state, note));
    say(`${answer.spoken} ${note}`.trim());
    emit("message", { role: "assistant", text: said.text, state, messageId: said.messageId, conversationId: this.conversationId });
    if (state === "incomplete") {
      emit("error", { error: failure });
      this.#block(failure.retryAfter);
    } else if (state === "paused" && answer.pausedBy) {
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
    if (this.#parameters.suggested_questions_after_answer?.enabled && answer.said.messageId !== "") {
      const questions = await api.suggested(answer.said.messageId).catch((error) => (failed(error), []));
      if (!this.running && this.#last?.answer === answer) {
        log.suggest(questions);
      }
    }
  }

  /** Nothing can be asked for some seconds, which are counted down. */
  #block(seconds) {
    if (!(seconds > 0)) {
      return;
    }
    const { texts, lang, countdown, say } = this.#chat;
    this.#setBlocked(true);
    countDown(
      seconds,
      (left) => countdown(fill(texts.wait, { time: inWords(left, lang) })),
      () => {
        this.#setBlocked(false);
        countdown("");
        say(texts.waited);
      },
    );
  }

  #setBlocked(blocked) {
    const { log, composer } = this.#chat;
    this.#blocked = blocked;
    composer.blocked = blocked;
    log.element.querySelectorAll(".retry").forEach((retry) => (retry.disabled = blocked));
  }

  #remember() {
    const resumable = this.#run !== null && this.#run.resumeUrl !== "";
    const running = resumable && { query: this.#last.query, resumeUrl: this.#run.resumeUrl, messageId: this.#run.answer.said.messageId };
    this.#memory.set(this.conversationId, running || null);
  }
}
