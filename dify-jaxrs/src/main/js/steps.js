/** What an agent or a workflow did on the way to its answer, folded up; not there where the server does not tell. */
import { el } from "./dom.js";
import { count } from "./texts.js";

export class Steps {
  #chat;
  #steps = new Map();
  #changed = new Set();
  #summary = el("summary");
  #list = el("ol");
  element = el("details", { class: "steps", part: "steps", hidden: true }, this.#summary, this.#list);

  constructor(chat) {
    this.#chat = chat;
  }

  /** Takes an event that tells of a step, and passes over all others. Nothing is shown before draw(). */
  take({ event, id, tool, observation, data }) {
    if (event === "agent_thought" && tool) {
      this.#set(id, tool, observation, !observation);
    } else if (event === "node_started" || event === "node_finished") {
      this.#set(data.id, data.title, data.error, event === "node_started");
    } else if (event === "reasoning_chunk") {
      this.think((this.#steps.get("think")?.detail ?? "") + (data?.reasoning ?? ""));
    }
  }

  /** What the model has thought so far. */
  think(text) {
    this.#set("think", this.#chat.texts.thinking, text, false);
  }

  /** Nothing is running any more. */
  finish() {
    this.#steps.forEach((step) => this.#set(step.id, step.name, step.detail, false));
  }

  draw() {
    for (const { id, name, detail, running } of this.#changed) {
      const step = this.#steps.get(id);
      step.item ??= this.#list.appendChild(el("li", {}, el("bdi", { class: "name" }, name), el("p", { dir: "auto" })));
      step.item.lastChild.textContent = detail;
      step.item.toggleAttribute("data-running", running);
    }
    if (this.#changed.size > 0) {
      this.#changed.clear();
      this.element.hidden = false;
      this.#summary.textContent = count(this.#chat.texts.steps, this.#steps.size, this.#chat.lang);
    }
  }

  #set(id, name, detail, running) {
    const step = this.#steps.get(id) ?? { id };
    Object.assign(step, { name, detail: detail ?? "", running });
    this.#steps.set(id, step);
    this.#changed.add(step);
  }
}
