/** One answer in the log of <dify-chat>: grows while its stream runs, says in the end how that went, and can be copied and rated. */
import { Answer as Said } from "../resources/META-INF/resources/dify-ui/dify-conversation.js";
import { copy, el, icon, iconButton } from "./dom.js";
import { link, safeUrl } from "./links.js";
import { StreamingMarkdown } from "./markdown.js";
import { Steps } from "./steps.js";
import { count } from "./texts.js";

const MAX_SPOKEN = 10_000;
const THINKING = "<think>";
const THOUGHT = "</think>";

export class Answer {
  runId = "";
  /** The form that a paused run waits for. */
  pausedBy = null;
  #chat;
  #said = new Said();
  /** What of its text has gone to the renderer, or is held as thinking. */
  #taken = "";
  #shown = "";
  /** Until it is known whether the model thinks aloud first, and while it does: what it said. Then null. */
  #held = "";
  #frame = 0;
  #rating = null;
  #content = el("div", { class: "content", part: "content" });
  #dots = el("p", { class: "dots", "aria-hidden": "true" }, el("i"), el("i"), el("i"));
  #markdown = null;
  #steps;

  /** @param chat what this needs of the chat: texts, lang, api, say, failed, follow, retry, renderer */
  constructor(chat) {
    this.#chat = chat;
    this.#steps = new Steps(chat);
    this.element = el(
      "article",
      { class: "answer", part: "answer", "data-state": "streaming", "aria-label": chat.texts.assistant },
      this.#steps.element,
      this.#content,
      this.#dots,
    );
    this.#begin();
  }

  /** What Dify has said: ids, text, sources, and how it ended. */
  get said() {
    return this.#said;
  }

  /** What a screen reader says of it: what is seen, without marks, as far as anybody listens. */
  get spoken() {
    return this.#content.textContent.slice(0, MAX_SPOKEN);
  }

  /** Takes one event of Dify's stream. Kinds it does not know are passed over: Dify keeps adding some. */
  take(event) {
    this.#said.take(event);
    this.#steps.take(event);
    this.runId ||= event.workflow_run_id ?? "";
    if (event.event === "human_input_required") {
      this.pausedBy = event.data;
    } else if (event.event === "message_file" && event.url) {
      this.#file(event);
    }
    // One write a frame, however fast the pieces come.
    this.#frame ||= requestAnimationFrame(() => this.#draw(false));
  }

  /** What the history knows of an answer. */
  show({ answer, id, error, feedback, retriever_resources, agent_thoughts, message_files }) {
    this.#rating = feedback?.rating ?? null;
    agent_thoughts?.forEach((thought) => this.#steps.take({ event: "agent_thought", ...thought }));
    message_files?.filter((file) => file.belongs_to === "assistant").forEach((file) => this.#file(file));
    this.#said.take({ event: "message", answer: answer ?? "", message_id: id });
    this.#said.take({ event: "message_end", metadata: { retriever_resources } });
    // What it was asked with is not known any more: it cannot be asked again.
    this.finish(error ? "incomplete" : "done", error ?? "", false);
  }

  /** It is over: done, stopped, incomplete or paused. Perhaps its question can be asked again. */
  finish(state, note = "", again = state === "incomplete") {
    cancelAnimationFrame(this.#frame);
    this.#steps.finish();
    this.#draw(true);
    this.#dots.remove();
    this.element.dataset.state = state;
    this.element.append(...this.#showSources());
    if (note !== "") {
      this.element.append(el("p", { class: "note", part: "note" }, note));
    }
    this.element.append(this.#actions(state, again));
  }

  /** Adds a form or the like under the text. */
  append(element) {
    this.element.append(element);
  }

  #begin() {
    this.#content.replaceChildren();
    this.#markdown = this.#chat.renderer ? null : new StreamingMarkdown(this.#content, (code) => this.#copyCode(code));
    this.#taken = this.#shown = this.#held = "";
  }

  #draw(final) {
    this.#frame = 0;
    const { text } = this.#said;
    if (!text.startsWith(this.#taken)) {
      this.#begin();
    }
    const fresh = this.#afterThinking(text.slice(this.#taken.length), final);
    this.#taken = text;
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
    const { texts, lang } = this.#chat;
    const { sources } = this.#said;
    if (sources.length === 0) {
      return [];
    }
    const entries = sources.map(({ document_name, content }) =>
      el("li", {}, el("bdi", { class: "name" }, document_name || texts.unnamed), el("p", { dir: "auto" }, content ?? "")),
    );
    return [
      el("details", { class: "sources", part: "sources" }, el("summary", {}, count(texts.sources, entries.length, lang)), el("ol", {}, ...entries)),
    ];
  }

  #actions(state, again) {
    const { texts } = this.#chat;
    const actions = el("div", { class: "actions", part: "actions" });
    if (this.#shown.trim() !== "") {
      actions.append(this.#copyButton(texts.copy, () => copy(this.#shown, this.#content)));
    }
    if (this.#said.messageId !== "" && state !== "paused") {
      actions.append(this.#thumb("up", "like", texts.good), this.#thumb("down", "dislike", texts.bad));
    }
    if (again) {
      actions.append(el("button", { type: "button", class: "retry", onclick: () => this.#chat.retry() }, icon("retry"), texts.retry));
    }
    return actions;
  }

  #copyCode(code) {
    return this.#copyButton(this.#chat.texts.copyCode, () => copy(code.textContent));
  }

  #copyButton(label, action) {
    const copied = () => {
      button.replaceChildren(icon("check"));
      this.#chat.say(this.#chat.texts.copied);
      setTimeout(() => button.replaceChildren(icon("copy")), 2000);
    };
    const button = iconButton("copy", label, () => action().then(copied, this.#chat.failed));
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
      await api.rate(this.#said.messageId, rating);
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
          await api.rate(this.#said.messageId, "dislike", text.value).then(() => say(texts.rated), failed);
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
