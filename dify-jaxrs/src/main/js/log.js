/** What was said: questions and answers, what to begin with, and what to ask next. It scrolls along unless its reader has scrolled away. */
import { el, icon, iconButton } from "./dom.js";
import { inputFields, values } from "./fields.js";
import { StreamingMarkdown } from "./markdown.js";

/** Pixels from the end within which its reader counts as being there. */
const NEAR = 48;

export class Log {
  #chat;
  #following = true;
  #fields = null;
  #suggestions = null;
  #welcome;
  #list;
  #toEnd;

  /** @param chat what this needs of the chat: texts, inputs, ask */
  constructor(chat) {
    const { texts } = chat;
    this.#chat = chat;
    this.#list = el("div", {
      class: "log",
      part: "log",
      role: "log",
      // The answer is spoken once and whole, by the chat's status: nobody could follow the pieces.
      "aria-live": "off",
      "aria-label": texts.log,
      tabindex: 0,
      onscroll: () => this.#scrolled(),
    });
    this.#toEnd = iconButton("end", texts.toEnd, () => this.#goToEnd(), { class: "icon to-end", hidden: true });
    this.element = el("div", { class: "body" }, this.#list, this.#toEnd);
    new ResizeObserver(() => this.follow(() => {})).observe(this.#list);
  }

  /** Begins with what the app has to say first. */
  clear({ opening_statement: opening, suggested_questions: suggested, user_input_form: form }, empty = true) {
    const { texts, inputs } = this.#chat;
    this.#fields = null;
    this.#list.replaceChildren();
    this.#following = true;
    if (!empty) {
      return;
    }
    if (opening) {
      this.#list.append(this.#opening(opening));
    }
    this.#welcome = el("div", { class: "welcome" });
    if (!opening) {
      const greeting = el("div", { class: "greeting" }, icon("spark"), el("p", {}, texts.welcome));
      this.#welcome.append(el("slot", { name: "empty" }, greeting));
    }
    const fields = inputFields(form, inputs);
    if (fields.length > 0) {
      this.#fields = el("form", { class: "fields", part: "form", onsubmit: (event) => event.preventDefault() });
      this.#fields.append(el("h3", {}, texts.form), ...fields);
      this.#welcome.append(this.#fields);
    }
    this.#list.append(this.#welcome);
    this.suggest(suggested ?? []);
  }

  /** What was filled in before the first question; null, and the field shown, where something is missing. */
  inputs() {
    return this.#fields === null ? {} : this.#fields.reportValidity() ? values(this.#fields) : null;
  }

  question(text, files = []) {
    this.#welcome?.remove();
    this.suggest([]);
    // Only the last question can be asked again.
    this.#list.querySelectorAll(".retry").forEach((retry) => retry.remove());
    const names = files.map((name) => el("p", { class: "file" }, icon("file"), el("bdi", {}, name)));
    const { texts } = this.#chat;
    const question = el("article", { class: "question", part: "question", "aria-label": texts.you }, el("p", { dir: "auto" }, text), ...names);
    this.#list.append(question);
  }

  answer({ element }) {
    this.#list.append(element);
  }

  /** Questions to ask by a click. */
  suggest(questions) {
    this.#suggestions?.remove();
    this.#suggestions = null;
    if (questions.length > 0) {
      const buttons = questions.map((text) => el("button", { type: "button", dir: "auto", onclick: () => this.#chat.ask(text) }, text));
      this.#suggestions = el("div", { class: "suggestions", part: "suggestions", role: "group" }, ...buttons);
      this.#suggestions.setAttribute("aria-label", this.#chat.texts.suggestions);
      this.follow(() => this.#list.append(this.#suggestions));
    }
  }

  /** Changes what is shown, and keeps the end in sight for who was there. */
  follow(change) {
    change();
    if (this.#following) {
      this.#list.scrollTop = this.#list.scrollHeight;
    } else {
      this.#toEnd.hidden = false;
    }
  }

  /** Changes what is shown; when the focus went with it, it stays in the log. */
  keepFocus(change) {
    const focused = this.#list.contains(this.#list.getRootNode().activeElement);
    change();
    if (focused && this.#list.getRootNode().activeElement === null) {
      this.#list.focus();
    }
  }

  scrollToEnd() {
    this.#following = true;
    this.#toEnd.hidden = true;
    this.follow(() => {});
  }

  #goToEnd() {
    this.scrollToEnd();
    this.#list.focus();
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#list;
    this.#following = scrollHeight - scrollTop - clientHeight < NEAR;
    this.#toEnd.hidden = this.#following;
  }

  #opening(text) {
    const content = el("div", { class: "content", part: "content" });
    const markdown = new StreamingMarkdown(content);
    markdown.append(text.replace(/\{\{(\w+)\}\}/g, (_, name) => this.#chat.inputs[name] ?? ""));
    markdown.finish();
    return el("article", { class: "answer", part: "answer", "aria-label": this.#chat.texts.assistant }, content);
  }
}
