/** The frame of <dify-chat>: header, log, notice, composer and history, what opens and closes, and where the focus goes. */
import { DifyApi } from "../resources/META-INF/resources/dify-ui/dify-api.js";
import { describe } from "./answer.js";
import { Composer } from "./composer.js";
import { Files } from "./files.js";
import { History } from "./history.js";
import { Log } from "./log.js";
import { Talk } from "./talk.js";
import { el, icon, iconButton } from "./dom.js";

/** There the floating chat is all there is to see, and keeps the focus. */
const SMALL = matchMedia("(max-width: 480px)");

export class View {
  #host;
  #chat;
  #floating;
  #started = false;
  #warning = "";
  #waiting = "";
  #status = el("p", { class: "hidden", role: "status" });
  #notice = el("p", { class: "notice", part: "notice", hidden: true });
  #history;
  #historyButton;
  #launcher = null;
  #panel;

  /** @param host the element: its root is filled, its attributes and properties are read once */
  constructor(host) {
    const { texts, language: lang } = host;
    this.#host = host;
    this.#floating = host.hasAttribute("floating");
    const chat = (this.#chat = {
      texts,
      lang,
      renderer: host.renderer,
      api: apiOf(host),
      get inputs() {
        return host.inputs;
      },
      get conversationId() {
        return chat.talk.conversationId;
      },
      say: (text) => (this.#status.textContent = text),
      warn: (text) => this.#warn(text),
      failed: (error) => this.#failed(error),
      reconnected: () => this.#warning === texts.reconnecting && this.#warn(""),
      countdown: (text) => {
        this.#waiting = text;
        this.#notify();
      },
      changed: () => chat.composer?.show(),
      emit: (name, detail) => host.dispatchEvent(new CustomEvent(`dify-${name}`, { detail, bubbles: true, composed: true })),
      follow: (change) => chat.log.follow(change),
      ask: (query) => chat.talk.ask(query),
      stop: () => chat.talk.stop(),
      retry: () => chat.talk.retry(),
      open: (id) => {
        this.#hideHistory();
        chat.talk.open(id);
      },
      begin: ({ stay = false } = {}) => {
        if (!stay) {
          this.#hideHistory();
          chat.composer.input.focus();
        }
        chat.talk.begin();
      },
    });
    chat.log = new Log(chat);
    chat.files = new Files(chat);
    chat.composer = new Composer(chat, chat.files);
    chat.talk = new Talk(chat);
    this.#history = new History(chat);
    host.shadowRoot.append(...this.#elements());
    this.talk = chat.talk;
    if (!this.#floating) {
      this.#start();
    } else if (host.hasAttribute("open")) {
      this.#show();
    }
  }

  /** Opens or closes the floating chat; the focus goes into it, and back to the button. */
  toggle(open) {
    if (!this.#floating || open === this.#panel.open) {
      return;
    }
    if (open) {
      this.#show();
      this.#chat.composer.input.focus();
    } else {
      this.#panel.close();
      this.#launcher.hidden = false;
      this.#launcher.setAttribute("aria-expanded", "false");
      this.#launcher.focus();
    }
    this.#chat.emit(open ? "open" : "close");
  }

  /** The connection of the browser has changed. */
  online = () => this.#notify();

  leave = () => this.#started && this.talk.leave();

  #show() {
    if (SMALL.matches) {
      this.#panel.showModal();
    } else {
      // show() would take the focus, also from who is typing elsewhere when a page opens with it.
      this.#panel.open = true;
    }
    this.#launcher.setAttribute("aria-expanded", "true");
    this.#launcher.hidden = SMALL.matches;
    this.#start();
  }

  #start() {
    if (!this.#started) {
      this.#started = true;
      this.#notify();
      this.talk.start();
    }
  }

  #elements() {
    const { texts, log, composer } = this.#chat;
    this.#panel = el(
      this.#floating ? "dialog" : "section",
      {
        class: "panel",
        part: "panel",
        id: "panel",
        "aria-label": this.#heading,
        onkeydown: (event) => this.#key(event),
        onclose: () => this.#host.close(),
        ondragover: (event) => event.preventDefault(),
        ondrop: (event) => this.#dropped(event),
      },
      this.#header(),
      log.element,
      this.#history.element,
      el("footer", { part: "footer" }, this.#notice, composer.element, texts.footer && el("p", { class: "small" }, texts.footer)),
      this.#status,
    );
    if (!this.#floating) {
      return [this.#panel];
    }
    this.#launcher = iconButton("chat", texts.open, () => this.#host.toggleAttribute("open"), {
      class: "icon launcher",
      part: "launcher",
      "aria-expanded": "false",
      "aria-controls": "panel",
    });
    return [this.#launcher, this.#panel];
  }

  get #heading() {
    return this.#host.getAttribute("heading") ?? this.#chat.texts.title;
  }

  #header() {
    const { texts, begin } = this.#chat;
    this.#historyButton = iconButton("list", texts.conversations, () => this.#toggleHistory(), { "aria-expanded": "false" });
    return el(
      "header",
      { part: "header" },
      el("slot", { name: "avatar" }, el("span", { class: "avatar" }, icon("spark"))),
      el("slot", { name: "header" }, el("h2", { part: "title", dir: "auto" }, this.#heading)),
      this.#historyButton,
      iconButton("plus", texts.newConversation, () => begin()),
      this.#floating ? iconButton("close", texts.close, () => this.#host.close()) : null,
    );
  }

  #toggleHistory() {
    if (this.#history.element.hidden) {
      this.#setInert(true);
      this.#history.show();
    } else {
      this.#hideHistory();
    }
  }

  #hideHistory() {
    if (!this.#history.element.hidden) {
      this.#history.element.hidden = true;
      this.#setInert(false);
      this.#historyButton.focus();
    }
  }

  /** What is under the list of conversations cannot be reached. */
  #setInert(inert) {
    this.#historyButton.setAttribute("aria-expanded", String(inert));
    this.#chat.log.element.inert = inert;
    this.#chat.composer.element.inert = inert;
  }

  #key(event) {
    if (event.key !== "Escape" || event.isComposing) {
      return;
    }
    if (!this.#history.element.hidden) {
      event.preventDefault();
      this.#hideHistory();
    } else if (this.#floating) {
      event.preventDefault();
      this.#host.close();
    }
  }

  #dropped(event) {
    event.preventDefault();
    this.#chat.files.add(event.dataTransfer.files);
  }

  #failed(error) {
    this.#warn(describe(error, this.#chat.texts));
    this.#chat.emit("error", { error });
  }

  #warn(text) {
    this.#warning = text;
    this.#notify();
    if (text !== "") {
      this.#chat.say(text);
    }
  }

  /** One notice at a time: what keeps questions from being asked comes first. */
  #notify() {
    const text = navigator.onLine ? this.#waiting || this.#warning : this.#chat.texts.offline;
    this.#notice.textContent = text;
    this.#notice.hidden = text === "";
  }
}

function apiOf(host) {
  return new DifyApi({
    app: host.getAttribute("app") ?? undefined,
    base: host.getAttribute("base") ?? undefined,
    headers: () => (typeof host.headers === "function" ? host.headers() : host.headers),
  });
}
