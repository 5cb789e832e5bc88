/** Files on their way to a question: chosen, dropped or pasted, uploaded with their progress, and removed again. */
import { fileReference } from "../resources/META-INF/resources/dify-ui/dify-api.js";
import { el, icon, iconButton } from "./dom.js";
import { count, fill } from "./texts.js";

const MEGABYTE = 1 << 20;
/** Of the size of a kind of file, in MiB, in `system_parameters`. */
const LIMITS = { image: "image_file_size_limit", audio: "audio_file_size_limit", video: "video_file_size_limit" };

export class Files {
  #chat;
  #rules = null;
  #entries = [];
  #input = el("input", { type: "file", multiple: true, hidden: true, onchange: () => this.#choose() });
  element = el("ul", { class: "files", part: "files", hidden: true });

  /** @param chat what this needs of the chat: texts, lang, api, say, warn, changed */
  constructor(chat) {
    this.#chat = chat;
    this.element.setAttribute("aria-label", chat.texts.attached);
    this.button = iconButton("attach", chat.texts.attach, () => this.#input.click(), { hidden: true });
    this.button.append(this.#input);
  }

  /** What the app's `/parameters` say of files. */
  set parameters({ file_upload: upload = {}, system_parameters: limits = {} }) {
    const { types = [], number_limits: number = 3, allowed_file_extensions: extensions = [] } = upload.enabled
      ? { ...upload, types: upload.allowed_file_types ?? ["image", "document", "audio", "video"] }
      : { ...upload.image, types: upload.image?.enabled ? ["image"] : [] };
    this.#rules = { types, number, limits, extensions: extensions.map((extension) => extension.toLowerCase()) };
    this.#input.accept = types.includes("document") || types.includes("custom") ? "" : types.map((type) => `${type}/*`).join();
    this.button.hidden = types.length === 0;
  }

  /** Whether some are still on their way. */
  get busy() {
    return this.#entries.some(({ uploaded }) => uploaded === null);
  }

  /** For the question that is sent now: references for Dify, and names for people. */
  take() {
    const taken = this.#entries.map(({ uploaded, kind, name }) => ({ name, reference: { ...fileReference(uploaded), type: kind } }));
    this.#entries = [];
    this.#show();
    return taken;
  }

  add(files) {
    if (!this.button.hidden) {
      for (const file of files) {
        this.#add(file);
      }
    }
  }

  #choose() {
    this.add(this.#input.files);
    this.#input.value = "";
  }

  async #add(file) {
    const { texts, api, warn, changed } = this.#chat;
    const kind = this.#kind(file);
    const problem = this.#problem(file, kind);
    if (problem) {
      warn(problem);
      return;
    }
    const abort = new AbortController();
    const progress = el("progress", { max: 1, value: 0, "aria-label": file.name });
    const remove = iconButton("close", fill(texts.remove, { name: file.name }), () => this.#remove(entry));
    const entry = { name: file.name, kind, uploaded: null, abort };
    entry.element = el("li", {}, icon("file"), el("bdi", { class: "name" }, file.name), progress, remove);
    this.#entries.push(entry);
    this.#show();
    try {
      entry.uploaded = await api.upload(file, { signal: abort.signal, onProgress: (share) => (progress.value = share) });
      progress.remove();
      changed();
    } catch (error) {
      if (!abort.signal.aborted) {
        this.#remove(entry);
        warn(`${fill(texts.uploadFailed, { name: file.name })} ${error.message ?? ""}`);
      }
    }
  }

  /** Dify's word for what a file is; null for what the app does not take. */
  #kind({ name, type }) {
    const { types, extensions } = this.#rules;
    const [media] = type.split("/");
    const kind = media in LIMITS ? media : "document";
    const custom = types.includes("custom") && extensions.some((extension) => name.toLowerCase().endsWith(extension));
    return types.includes(kind) ? kind : custom ? "custom" : null;
  }

  #problem({ name, size }, kind) {
    const { texts, lang } = this.#chat;
    const { number, limits } = this.#rules;
    const limit = limits[LIMITS[kind] ?? "file_size_limit"] ?? 15;
    if (kind === null) {
      return fill(texts.wrongType, { name });
    }
    if (this.#entries.length >= number) {
      return count(texts.tooMany, number, lang);
    }
    return size > limit * MEGABYTE ? fill(texts.tooLarge, { name, size: limit }) : null;
  }

  #remove(entry) {
    entry.abort.abort();
    this.#entries = this.#entries.filter((other) => other !== entry);
    this.#show();
  }

  #show() {
    this.element.replaceChildren(...this.#entries.map(({ element }) => element));
    this.element.hidden = this.#entries.length === 0;
    this.#chat.changed();
  }
}
