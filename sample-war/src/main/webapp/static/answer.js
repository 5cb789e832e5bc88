/** One answer on the page: grows while its stream runs and says in the end how that went. */
export class Answer {
  /** Names the run for the stop call; empty until the first event. */
  taskId = "";
  conversationId = "";
  stopRequested = false;
  #text = "";
  #frame = 0;
  #byAgent = false;
  #complete = false;
  #log;
  #element = document.createElement("div");
  #content = document.createElement("p");

  constructor(log) {
    this.#log = log;
    this.#element.className = "answer";
    this.#element.dataset.state = "streaming";
    this.#content.className = "text";
    this.#element.append(this.#content);
    log.append(this.#element);
    log.scrollTop = log.scrollHeight;
  }

  get text() {
    return this.#text;
  }

  get streaming() {
    return this.#element.dataset.state === "streaming";
  }

  /** Takes one event of Dify's stream. Kinds we do not know are passed over: Dify keeps adding some. */
  take(event) {
    this.taskId ||= event.task_id ?? "";
    this.conversationId ||= event.conversation_id ?? "";
    switch (event.event) {
      case "agent_message":
        this.#byAgent = true;
        this.#write(this.#text + event.answer);
        break;
      case "message":
        // After the pieces of an agent a message repeats the whole answer.
        this.#write(this.#byAgent ? event.answer : this.#text + event.answer);
        break;
      case "message_replace":
        this.#write(event.answer);
        break;
      case "message_end":
      case "workflow_finished":
        this.#complete = true;
        break;
      case "error":
        this.finish("error", describe(event));
        break;
    }
  }

  /** The stream is over. An answer that was never declared complete is not passed off as one. */
  end() {
    if (this.stopRequested) {
      this.finish("stopped", "Stopped.");
    } else if (this.#complete) {
      this.finish("done", "");
    } else {
      this.finish("incomplete", "The connection ended early: this answer is incomplete.");
    }
  }

  /** The first to finish an answer decides its state: done, stopped, incomplete or error. */
  finish(state, note) {
    if (!this.streaming) {
      return;
    }
    cancelAnimationFrame(this.#frame);
    this.#show();
    this.#element.dataset.state = state;
    if (note !== "") {
      const element = document.createElement("p");
      element.className = "note";
      element.textContent = note;
      keepingBottom(this.#log, () => this.#element.append(element));
    }
  }

  /** One write a frame, however fast the pieces come. */
  #write(text) {
    this.#text = text;
    this.#frame ||= requestAnimationFrame(() => this.#show());
  }

  #show() {
    this.#frame = 0;
    // What a model writes is text, never markup.
    keepingBottom(this.#log, () => (this.#content.textContent = this.#text));
  }
}

/** An error in words, from an event or from problem+json: both have the same members. */
export function describe({ message, code, status }) {
  return `${message || "The request failed."} (${code || status || "error"})`;
}

/** Scrolls with the text, unless its reader has scrolled away from the end. */
function keepingBottom(log, change) {
  const atBottom = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  change();
  if (atBottom) {
    log.scrollTop = log.scrollHeight;
  }
}
