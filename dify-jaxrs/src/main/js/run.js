/** One run of Dify's: its stream, the answer it becomes, and how it is stopped. */
import { Answer } from "./answer.js";

/** Milliseconds. A stopped answer ends by itself; after this long its connection is closed. */
const STOP_PATIENCE = 15_000;

export class Run {
  #chat;
  #stream;
  #control = new AbortController();
  #stopping = false;
  /** Until a stopped answer has to have ended. */
  #patience;

  /**
   * @param chat what this needs of the chat: texts, api, warn, reconnected; and what its answer needs
   * @param begin gives the stream, for the options of the kit
   */
  constructor(chat, begin) {
    this.#chat = chat;
    this.answer = new Answer(chat);
    this.#stream = begin({ signal: this.#control.signal, onReconnect: () => chat.warn(chat.texts.reconnecting) });
  }

  /** Where it can be taken up after a reload; empty as long as it cannot. */
  get resumeUrl() {
    return this.#stream.resumeUrl;
  }

  get stopping() {
    return this.#stopping;
  }

  /**
   * Reads to the end; resolves with the error, if there was one.
   *
   * @param heard called with each event
   * @param named called once Dify has given the run its ids
   */
  async read(heard, named) {
    const { said } = this.answer;
    try {
      for await (const event of this.#stream) {
        heard();
        const unnamed = said.taskId === "";
        this.answer.take(event);
        if (unnamed && said.taskId !== "") {
          named();
          await this.#stopIfWanted();
        }
        this.#chat.reconnected();
      }
      return null;
    } catch (error) {
      return error;
    } finally {
      clearTimeout(this.#patience);
      this.#chat.reconnected();
    }
  }

  /** Stops it at Dify; its stream then ends by itself. */
  async stop() {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#patience = setTimeout(() => this.leave(), STOP_PATIENCE);
      await this.#stopIfWanted();
    }
  }

  /** Closes the connection. Whoever does not come back soon is taken by the server as one who stops. */
  leave() {
    this.#control.abort();
  }

  /** Before the first event there is no task to name: then it is stopped as soon as there is one. */
  async #stopIfWanted() {
    const { taskId } = this.answer.said;
    if (this.#stopping && taskId !== "") {
      await this.#chat.api.stop(taskId).catch(() => this.leave());
    }
  }
}
