import { DifyError, refusal, resumeDify, streamDify } from "./dify-stream.js";

export { DifyError };

export class DifyApi {
  #base;
  #headers;
  #fetch;

  constructor({ app = "default", base = besideThisModule(), headers, fetch } = {}) {
    this.app = app;
    this.#base = `${base}`.replace(/\/$/, "");
    this.#headers = headers;
    this.#fetch = fetch;
  }

  url(path) {
    return `${this.#base}/${encodeURIComponent(this.app)}/${path}`;
  }

  ask(question, options) {
    return streamDify(this.url("chat-messages"), question, this.#streaming(options));
  }

  complete(inputs, options) {
    return streamDify(this.url("completion-messages"), { inputs }, this.#streaming(options));
  }

  run(inputs, options) {
    return streamDify(this.url("workflows/run"), { inputs }, this.#streaming(options));
  }

  resume(resumeUrl, lastEventId, options) {
    return resumeDify(resumeUrl, lastEventId, this.#streaming(options));
  }

  async stop(taskId, kind = "chat-messages") {
    // keepalive: it may be the last that a page does.
    await this.#post(`${kind}/${id(taskId)}/stop`, {}, { keepalive: true });
  }

  conversations({ lastId, limit, sortBy, ...call } = {}) {
    return this.#get(`conversations${query({ last_id: lastId, limit, sort_by: sortBy })}`, call);
  }

  rename(conversationId, name, call) {
    return this.#post(`conversations/${id(conversationId)}/name`, name ? { name } : { auto_generate: true }, call);
  }

  async remove(conversationId, call) {
    await this.#send(this.url(`conversations/${id(conversationId)}`), { ...call, method: "DELETE" });
  }

  messages(conversationId, { firstId, limit, ...call } = {}) {
    return this.#get(`messages${query({ conversation_id: conversationId, first_id: firstId, limit })}`, call);
  }

  async rate(messageId, rating, comment, call) {
    await this.#post(`messages/${id(messageId)}/feedbacks`, { rating, content: comment }, call);
  }

  async suggested(messageId, call) {
    try {
      return (await this.#get(`messages/${id(messageId)}/suggested`, call)).data;
    } catch (error) {
      // Dify's way to say that the app has this switched off.
      if (error.code === "bad_request") {
        return [];
      }
      throw error;
    }
  }

  parameters(call) {
    return this.#get("parameters", call);
  }

  info(call) {
    return this.#get("info", call);
  }

  site(call) {
    return this.#get("site", call);
  }

  quota(call) {
    // Of the caller, whatever the app.
    return this.#send(`${this.#base}/quota`, call);
  }

  form(token, call) {
    return this.#get(`form/human_input/${id(token)}`, call);
  }

  async fillIn(token, action, inputs, call) {
    await this.#post(`form/human_input/${id(token)}`, { action, inputs }, call);
  }

  async upload(file, { signal, onProgress } = {}) {
    const body = new FormData();
    body.append("file", file, file.name ?? "file");
    const headers = { Accept: "application/json", ...OURS, ...this.#own() };
    return documentOf(await sendWithProgress(this.url("files/upload"), headers, body, signal, onProgress));
  }

  #streaming(options) {
    return { fetch: this.#fetch, ...options, headers: { ...this.#own(), ...options?.headers } };
  }

  #get(path, call) {
    return this.#send(this.url(path), call);
  }

  #post(path, body, call) {
    const headers = { "Content-Type": "application/json" };
    return this.#send(this.url(path), { ...call, method: "POST", headers, body: JSON.stringify(body) });
  }

  async #send(url, request) {
    const fetch = this.#fetch ?? globalThis.fetch;
    const headers = { Accept: "application/json", ...OURS, ...request?.headers, ...this.#own() };
    const response = await fetch(url, { ...request, headers }).catch((cause) => {
      request?.signal?.throwIfAborted();
      throw unreachable(cause);
    });
    return documentOf(response);
  }

  #own() {
    return typeof this.#headers === "function" ? this.#headers() : this.#headers;
  }
}

export function fileReference({ id: upload_file_id, mime_type }) {
  const kind = (mime_type ?? "").split("/")[0];
  const type = ["image", "audio", "video"].includes(kind) ? kind : "document";
  return { type, transfer_method: "local_file", upload_file_id };
}

/** Tells the server that a script of this page asks: a form of another site cannot set it. */
const OURS = { "X-Requested-With": "dify-jakarta" };

function besideThisModule() {
  // In a variable: bundlers take new URL(..., import.meta.url) for a file to pack.
  const here = import.meta.url;
  return here.startsWith("http") ? new URL("../dify", here) : "dify";
}

const id = encodeURIComponent;

function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}

async function documentOf(response) {
  if (response.status === 204) {
    return undefined;
  }
  if (!response.ok || !response.headers.get("Content-Type")?.includes("json")) {
    throw await refusal(response);
  }
  return response.json();
}

function unreachable(cause) {
  return new DifyError(0, "unreachable", "The server cannot be reached.", { cause });
}

/** By XMLHttpRequest: fetch does not tell how far a body has come. */
function sendWithProgress(url, headers, body, signal, onProgress) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("POST", url);
    for (const [name, value] of Object.entries(headers)) {
      request.setRequestHeader(name, value);
    }
    request.upload.onprogress = ({ loaded, total }) => onProgress?.(total > 0 ? loaded / total : 0);
    request.upload.onload = () => onProgress?.(1);
    request.onload = () => resolve(responseOf(request));
    request.onerror = () => reject(unreachable());
    request.onabort = () => reject(signal?.reason ?? unreachable());
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    signal?.addEventListener("abort", abort);
    request.send(body);
  });
}

function responseOf(request) {
  const names = ["Content-Type", "Retry-After"].filter((name) => request.getResponseHeader(name) !== null);
  const headers = names.map((name) => [name, request.getResponseHeader(name)]);
  return new Response(request.responseText || null, { status: request.status, headers });
}
