/** One answer in the log of <dify-chat>: grows while its stream runs, says in the end how that went, and can be copied and rated. */
import { copy, el, icon, iconButton } from "./dom.js";
import { link, safeUrl } from "./inline.js";
import { StreamingMarkdown } from "./markdown.js";
import { Steps } from "./steps.js";
import { count } from "./texts.js";

const THINKING = "<think>";
const THOUGHT = "</think>";

export class Answer {
  /** Dify's ids, from the first event that has them. */
  taskId = "";
  messageId = "";
  conversationId = "";
  runId = "";
  /** The form that a paused run waits for. */
  pausedBy = null;
  /** Why the run failed; empty as long as it did not. */
  failure = "";
  #chat;
  #text = "";
  /** What came since the last frame. */
  #fresh = "";
  #shown = "";
  /** Until it is known whether the model thinks aloud first, and while it does: what it said. Then null. */
  #held = "";
  #frame = 0;
  #byAgent = false;
  #complete = false;
  #rating = null;
  #content = el("div", { class: "content", part: "content" });
  #dots = el("p", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  #markdown;
  #steps;
  #sources = [];

  /** @param chat what this needs of the chat: texts, lang, api, say, follow, retry, renderer */
  constructor(chat, { text = "", byAgent = false } = {}) {
    this.#chat = chat;
    this.#steps = new Steps(chat);
    this.#byAgent = byAgent;
    this.element = el(
      "article",
      { class: "answer", part: "answer", "data-state": "streaming", "aria-label": chat.texts.assistant },
      this.#steps.element,
      this.#content,
      this.#dots,
    );
    this.#replace(text);
  }

  get text() {
    return this.#text;
  }

  /** What a screen reader says of it: what is seen, without marks. */
  get spoken() {
    return this.#content.textContent;
  }

  /** What another Answer goes on from, after a reload. */
  get snapshot() {
    return { text: this.#text, byAgent: this.#byAgent, taskId: this.taskId, messageId: this.messageId };
  }

  /** Takes one event of Dify's stream. Kinds it does not know are passed over: Dify keeps adding some. */
  take(event) {
    this.taskId ||= event.task_id ?? "";
    this.messageId ||= event.message_id ?? "";
    this.conversationId ||= event.conversation_id ?? "";
    this.runId ||= event.workflow_run_id ?? "";
    switch (event.event) {
      case "agent_message":
        this.#byAgent = true;
        this.#append(event.answer);
        break;
      case "message":
        // After the pieces of an agent a message repeats the whole answer.
        this.#byAgent ? this.#replace(event.answer) : this.#append(event.answer);
        break;
      case "message_replace":
        this.#replace(event.answer);
        break;
      case "message_end":
        // What is said of the run after it does not make the answer any worse.
        this.#complete = true;
        this.#sources = event.metadata?.retriever_resources ?? [];
        break;
      case "message_file":
        // A chatflow puts text into an event of this name, too.
        event.url ? this.#file(event) : this.#append(event.answer ?? "");
        break;
      case "workflow_finished":
        this.failure = event.data.status === "failed" && !this.#complete ? event.data.error || " " : "";
        break;
      case "human_input_required":
        this.pausedBy = event.data;
        break;
      default:
        this.#steps.take(event);
        this.#drawSoon();
    }
  }

  /** What the history knows of an answer. */
  show({ answer, id, feedback, retriever_resources, agent_thoughts, message_files }) {
    this.messageId = id;
    this.#rating = feedback?.rating ?? null;
    this.#sources = retriever_resources ?? [];
    agent_thoughts?.forEach((thought) => this.#steps.take({ event: "agent_thought", ...thought }));
    message_files?.filter((file) => file.belongs_to === "assistant").forEach((file) => this.#file(file));
    this.#replace(answer ?? "");
    this.finish("done");
  }

  /** It is over: done, stopped, incomplete or paused. */
  finish(state, note = "") {
    cancelAnimationFrame(this.#frame);
    this.#steps.finish();
    this.#draw(true);
    this.#dots.remove();
    this.element.dataset.state = state;
    this.element.append(...this.#showSources());
    if (note !== "") {
      this.element.append(el("p", { class: "note", part: "note" }, note));
    }
    this.element.append(this.#actions(state));
  }

  /** Adds a form or the like under the text. */
  append(element) {
    this.element.append(element);
  }

  #append(text) {
    this.#text += text;
    this.#fresh += text;
    this.#drawSoon();
  }

  #replace(text) {
    const { renderer } = this.#chat;
    if (text !== this.#text || !this.#markdown) {
      this.#content.replaceChildren();
      this.#markdown = renderer ? null : new StreamingMarkdown(this.#content, (code) => this.#copyCode(code));
      this.#text = this.#fresh = this.#shown = this.#held = "";
      this.#append(text);
    }
  }

  /** One write a frame, however fast the pieces come. */
  #drawSoon() {
    this.#frame ||= requestAnimationFrame(() => this.#draw(false));
  }

  #draw(final) {
    this.#frame = 0;
    const fresh = this.#afterThinking(this.#fresh, final);
    this.#fresh = "";
    this.#shown += fresh;
    this.#chat.follow(() => {
      this.#steps.draw();
      if (fresh !== "") {
        this.#dots.remove();
        this.#markdown?.append(fresh);
      }
      if (final) {
        this.#markdown?.finish();
      }
      if (!this.#markdown) {
        this.#chat.renderer(this.#shown, this.#content);
      }
    });
  }

  /** Some models think aloud first. That is a step, and no part of the answer. */
  #afterThinking(fresh, final) {
    if (this.#held === null) {
      return fresh;
    }
    this.#held += fresh;
    const text = this.#held.trimStart();
    const thinks = text.startsWith(THINKING);
    const end = thinks ? text.indexOf(THOUGHT) : -1;
    if (thinks) {
      this.#steps.think(text.slice(THINKING.length, end < 0 ? undefined : end));
    }
    if (end < 0 && (thinks || (THINKING.startsWith(text) && !final))) {
      return "";
    }
    const answer = thinks ? text.slice(end + THOUGHT.length).trimStart() : this.#held;
    this.#held = null;
    return answer;
  }

  #file({ type, url }) {
    const address = safeUrl(url);
    if (address) {
      this.#content.after(el("p", { class: "file" }, icon("file"), link(address, `${this.#chat.texts.file}: ${type ?? ""}`)));
    }
  }

  #showSources() {
    if (this.#sources.length === 0) {
      return [];
    }
    const { texts, lang } = this.#chat;
    const entries = this.#sources.map(({ document_name, content }) =>
      el("li", {}, el("bdi", { class: "name" }, document_name || texts.unnamed), el("p", { dir: "auto" }, content ?? "")),
    );
    return [
      el("details", { class: "sources", part: "sources" }, el("summary", {}, count(texts.sources, entries.length, lang)), el("ol", {}, ...entries)),
    ];
  }

  #actions(state) {
    const { texts } = this.#chat;
    const actions = el("div", { class: "actions", part: "actions" });
    if (this.#text.trim() !== "") {
      actions.append(this.#copyButton("copy", texts.copy, () => copy(this.#text, this.#content)));
    }
    if (this.messageId !== "" && state !== "paused") {
      actions.append(this.#thumb("up", "like", texts.good), this.#thumb("down", "dislike", texts.bad));
    }
    if (state === "incomplete") {
      actions.append(el("button", { type: "button", class: "retry", onclick: () => this.#chat.retry() }, icon("retry"), texts.retry));
    }
    return actions;
  }

  #copyCode(code) {
    return this.#copyButton("copy", this.#chat.texts.copyCode, () => copy(code.textContent));
  }

  #copyButton(name, label, action) {
    const button = iconButton(name, label, async () => {
      await action();
      button.replaceChildren(icon("check"));
      this.#chat.say(this.#chat.texts.copied);
      setTimeout(() => button.replaceChildren(icon(name)), 2000);
    });
    return button;
  }

  #thumb(name, rating, label) {
    return iconButton(name, label, () => this.#rate(this.#rating === rating ? null : rating), {
      "aria-pressed": String(this.#rating === rating),
      "data-rating": rating,
    });
  }

  /** Shown at once; taken back if the server does not take it. */
  async #rate(rating) {
    const before = this.#rating;
    const { texts, say, api, failed } = this.#chat;
    this.#showRating(rating);
    try {
      await api.rate(this.messageId, rating);
      say(rating === null ? texts.unrated : texts.rated);
    } catch (error) {
      this.#showRating(before);
      failed(error);
    }
  }

  #showRating(rating) {
    this.#rating = rating;
    for (const thumb of this.element.querySelectorAll("[data-rating]")) {
      thumb.setAttribute("aria-pressed", String(thumb.dataset.rating === rating));
    }
    this.element.querySelector(".comment")?.remove();
    if (rating === "dislike") {
      this.#chat.follow(() => this.element.append(this.#comment()));
    }
  }

  #comment() {
    const { texts, say, api, failed } = this.#chat;
    const text = el("textarea", { rows: 2, "aria-label": texts.comment, placeholder: texts.comment });
    const form = el(
      "form",
      {
        class: "comment",
        onsubmit: async (event) => {
          event.preventDefault();
          form.remove();
          await api.rate(this.messageId, "dislike", text.value).then(() => say(texts.rated), failed);
        },
      },
      text,
      el("button", { type: "button", onclick: () => form.remove() }, texts.skip),
      el("button", { class: "primary" }, texts.sendComment),
    );
    return form;
  }
}

/** What an error says to people. */
export function describe(error, texts) {
  return texts.errors[error.code] ?? (error.message || texts.errors.other);
}
