/** Where the question is written: grows with it, sends on Enter, becomes a stop button while an answer is running. */
import { el, iconButton } from "./dom.js";

export class Composer {
  #chat;
  #answering = false;
  #blocked = false;
  #hint;
  #stop;
  #send;

  /**
   * @param chat what this needs of the chat: texts, ask, stop
   * @param files the files to send along
   */
  constructor(chat, files) {
    this.#chat = chat;
    this.files = files;
    const { texts } = chat;
    this.input = el("textarea", {
      id: "question",
      part: "input",
      rows: 1,
      placeholder: texts.placeholder,
      "aria-label": texts.question,
      "aria-describedby": "hint",
      enterkeyhint: "send",
      oninput: () => this.show(),
      onkeydown: (event) => this.#key(event),
      onpaste: (event) => this.files.add(event.clipboardData.files),
    });
    this.#send = iconButton("send", texts.send, null, { type: "submit", class: "icon primary", part: "send" });
    this.#stop = iconButton("stop", texts.stop, () => chat.stop(), { class: "icon primary", part: "stop", hidden: true });
    this.#hint = el("p", { id: "hint", class: "hidden" }, texts.hint);
    this.element = el(
      "form",
      { class: "composer", part: "composer", onsubmit: (event) => this.#submit(event) },
      files.element,
      this.input,
      el("div", { class: "tools" }, files.button, this.#send, this.#stop),
      this.#hint,
    );
    this.show();
  }

  /** While an answer is running it can be stopped, and the next question be written. */
  set answering(answering) {
    const focused = [this.#send, this.#stop].includes(this.element.getRootNode().activeElement);
    this.#answering = answering;
    this.#send.hidden = answering;
    this.#stop.hidden = !answering;
    this.show();
    if (focused) {
      this.input.focus();
    }
  }

  /** Whether nothing may be asked for now. */
  set blocked(blocked) {
    this.#blocked = blocked;
    this.show();
  }

  show() {
    this.#send.disabled = !this.#ready;
    // By its letters, once there are some; before that as the page runs.
    this.input.dir = this.input.value === "" ? "" : "auto";
    // To its text's height: measured from one line, as it never shrinks by itself; not before it is on the page.
    this.input.style.height = "";
    this.input.style.height = this.input.scrollHeight > 0 ? `${this.input.scrollHeight}px` : "";
  }

  get #ready() {
    return !this.#answering && !this.#blocked && !this.files.busy && this.input.value.trim() !== "";
  }

  #key(event) {
    // Enter that ends the composition of an input method belongs to the input method; Safari tells only by the code 229.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      this.#submit(event);
    }
  }

  #submit(event) {
    event.preventDefault();
    if (this.#ready && this.#chat.ask(this.input.value)) {
      this.input.value = "";
      this.show();
    }
  }
}
