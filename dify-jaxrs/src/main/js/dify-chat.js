/**
 * `<dify-chat>`: a chat with a Dify app of the page's own server. `<script type="module" src="…/dify-ui/dify-chat.js"></script>`
 * defines it; nothing else is needed, and nothing is asked of any other host.
 *
 * Attributes: `app` (default `default`), `base` (where the endpoints are; default `dify` beside this file's directory), `heading`,
 * `inputs` (JSON), `floating` (a button that opens the chat over the page), `open`, `theme` (`light` or `dark`; default as the system
 * has it). Properties: `inputs`, `texts`, `headers`, `renderer`, and `conversationId` to read. Slots: `avatar`, `header`, `empty`.
 * Events, which bubble: `dify-ready`, `dify-open`, `dify-close`, `dify-message` ({role, text, state, messageId, conversationId}), `dify-error` ({error}).
 */
import css from "./chat.css";
import { texts as english } from "./texts.js";
// Loaded beside the others, not after them.
import "../resources/META-INF/resources/dify-ui/dify-stream.js";
import { View } from "./view.js";

const PAGE_EVENTS = ["pagehide", "pageshow", "online", "offline"];
const PROPERTIES = ["inputs", "texts", "headers", "renderer"];

/** One for all chats of the page, and within any Content-Security-Policy. */
const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

export class DifyChat extends HTMLElement {
  static observedAttributes = ["open", "app", "base", "floating"];

  #given = { inputs: null, texts: {}, headers: {}, renderer: null };
  #view = null;
  #restarting = false;

  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  }

  /** Sent with every question: what the page is about. Fields of the app's form that are given here are not asked for. */
  get inputs() {
    return this.#given.inputs ?? JSON.parse(this.getAttribute("inputs") || "{}");
  }

  set inputs(inputs) {
    this.#given.inputs = inputs;
  }

  /** What it says, where that is other than in texts.js. */
  get texts() {
    const { texts } = this.#given;
    return { ...english, ...texts, errors: { ...english.errors, ...texts.errors } };
  }

  set texts(texts) {
    this.#set({ texts });
  }

  /** More headers on each request, such as the CSRF token of the page's application; or a function that gives them. */
  get headers() {
    return this.#given.headers;
  }

  set headers(headers) {
    this.#given.headers = headers;
  }

  /** Draws answers in place of the renderer here: called at most once a frame with all of the text so far and the element to fill. */
  get renderer() {
    return this.#given.renderer;
  }

  set renderer(renderer) {
    this.#set({ renderer });
  }

  get conversationId() {
    return this.#view?.talk.conversationId ?? "";
  }

  /** The language of the place in the page where this stands. */
  get language() {
    const given = this.closest("[lang]")?.getAttribute("lang");
    return Intl.DateTimeFormat.supportedLocalesOf(given || navigator.language)[0] ?? "en";
  }

  /** Asks as if it had been typed. Returns whether it was sent: not while something is being answered or is missing, or this is on no page. */
  ask(query) {
    if (this.#view === null) {
      return false;
    }
    this.open();
    return this.#view.talk.ask(query);
  }

  /** Stops the answer that is running, if there is one; what came of it stays. */
  stop() {
    this.#view?.talk.stop();
  }

  /** Begins a new conversation; an answer that is running is left. */
  begin() {
    this.#view?.talk.begin();
  }

  /** Opens the floating chat. */
  open() {
    this.toggleAttribute("open", true);
  }

  /** Closes the floating chat; an answer that is running goes on. */
  close() {
    this.toggleAttribute("open", false);
  }

  connectedCallback() {
    for (const name of PROPERTIES.filter((name) => Object.hasOwn(this, name))) {
      // Set before this class was there: to be set again, now that setting means something.
      const { [name]: value } = this;
      delete this[name];
      this[name] = value;
    }
    this.#view ??= this.#build();
    PAGE_EVENTS.forEach((type) => addEventListener(type, this));
  }

  disconnectedCallback() {
    PAGE_EVENTS.forEach((type) => removeEventListener(type, this));
    queueMicrotask(() => {
      // Who is only moved within the page is connected again by now.
      if (!this.isConnected) {
        this.#view?.leave();
        this.#view = null;
      }
    });
  }

  handleEvent({ type, persisted }) {
    if (type === "pagehide") {
      this.#view.leave();
    } else if (type !== "pageshow") {
      this.#view.online();
    } else if (persisted) {
      // Back by the browser's back button: what was running was left.
      this.#restart();
    }
  }

  attributeChangedCallback(name) {
    if (name === "open") {
      this.#view?.toggle(this.hasAttribute("open"));
    } else {
      this.#restart();
    }
  }

  #set(given) {
    Object.assign(this.#given, given);
    this.#restart();
  }

  /** Several changes at a time are one. */
  #restart() {
    if (this.#view !== null && !this.#restarting) {
      this.#restarting = true;
      queueMicrotask(() => {
        this.#restarting = false;
        if (this.#view !== null) {
          this.#view.leave();
          this.#view = this.#build();
        }
      });
    }
  }

  #build() {
    this.shadowRoot.replaceChildren();
    return new View(this);
  }
}

customElements.define("dify-chat", DifyChat);
