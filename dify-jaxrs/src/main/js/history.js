/** The user's conversations, over the log: to open one, rename it or delete it. */
import { el, icon, iconButton } from "./dom.js";
import { fill } from "./texts.js";

export class History {
  #chat;
  #list = el("ul");
  #more;
  #last = "";

  /** @param chat what this needs of the chat: texts, lang, api, say, failed, open, begin, conversationId */
  constructor(chat) {
    const { texts } = chat;
    this.#chat = chat;
    this.#more = el("button", { type: "button", class: "more", hidden: true, onclick: () => this.#load() }, texts.more);
    this.element = el(
      "section",
      { class: "history", part: "history", "aria-label": texts.conversations, hidden: true, tabindex: -1 },
      el("button", { type: "button", class: "begin", onclick: () => chat.begin() }, icon("plus"), texts.newConversation),
      this.#list,
      this.#more,
    );
  }

  /** Loads the list anew and shows it. */
  async show() {
    this.#last = "";
    this.#list.replaceChildren();
    this.element.hidden = false;
    this.element.focus();
    await this.#load();
  }

  async #load() {
    const { api, texts, failed } = this.#chat;
    try {
      const { data, has_more } = await api.conversations({ lastId: this.#last || undefined, limit: 20 });
      this.#list.append(...data.map((conversation) => this.#entry(conversation)));
      this.#last = data.at(-1)?.id ?? "";
      this.#more.hidden = !has_more;
      if (this.#list.childElementCount === 0) {
        this.#list.append(el("li", { class: "none" }, texts.noConversations));
      }
    } catch (error) {
      failed(error);
    }
  }

  #entry(conversation) {
    const { texts, lang, open, conversationId } = this.#chat;
    const name = conversation.name || texts.unnamed;
    const date = new Date(1000 * (conversation.updated_at || conversation.created_at));
    const when = new Intl.DateTimeFormat(lang, { dateStyle: "medium", timeStyle: "short" }).format(date);
    const item = el(
      "li",
      { class: "entry" },
      el(
        "button",
        { type: "button", class: "open", "aria-current": conversation.id === conversationId && "true", onclick: () => open(conversation.id) },
        el("bdi", { class: "name" }, name),
        el("time", { datetime: date.toISOString() }, when),
      ),
      iconButton("pencil", fill(texts.rename, { name }), () => this.#rename(item, conversation)),
      iconButton("trash", fill(texts.delete, { name }), () => this.#delete(item, conversation)),
    );
    return item;
  }

  #rename(item, conversation) {
    const { texts, api, say } = this.#chat;
    const input = el("input", { "aria-label": texts.name, required: true, maxlength: 255, dir: "auto" });
    input.value = conversation.name ?? "";
    const form = this.#instead(item, conversation, texts.save, texts.cancel, async () => {
      const name = input.value.trim();
      await api.rename(conversation.id, name);
      this.#back(form.parentElement, { ...conversation, name });
      say(texts.renamed);
    });
    form.prepend(input);
    input.select();
  }

  #delete(item, conversation) {
    const { texts, api, say, begin, conversationId } = this.#chat;
    const form = this.#instead(item, conversation, texts.yesDelete, texts.keep, async () => {
      await api.remove(conversation.id);
      form.parentElement.remove();
      this.element.focus();
      say(texts.deleted);
      if (conversation.id === conversationId) {
        begin({ stay: true });
      }
    });
    form.prepend(el("p", {}, texts.confirmDelete));
    form.querySelector("[type=button]").focus();
  }

  /** A small question in the place of an entry: a form in a row of its own. */
  #instead(item, conversation, yes, no, action) {
    const form = el(
      "form",
      {
        onsubmit: (event) => {
          event.preventDefault();
          action().catch((error) => this.#chat.failed(error));
        },
        onkeydown: (event) => {
          if (event.key === "Escape") {
            // Ends the question, not the chat.
            event.preventDefault();
            event.stopPropagation();
            this.#back(row, conversation);
          }
        },
      },
      el("button", { type: "button", onclick: () => this.#back(row, conversation) }, no),
      el("button", { class: "primary" }, yes),
    );
    const row = el("li", { class: "asking" }, form);
    item.replaceWith(row);
    return form;
  }

  #back(row, conversation) {
    const item = this.#entry(conversation);
    row.replaceWith(item);
    item.querySelector("button").focus();
  }
}
