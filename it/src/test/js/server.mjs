/** A server for the chat alone: the kit's files, the sample's gallery, test pages, and whatever a test answers as Dify would. */
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../../", import.meta.url));
const DIRECTORIES = {
  "/dify-ui/": join(root, "dify-jaxrs/src/main/resources/META-INF/resources/dify-ui"),
  "/gallery/": join(root, "sample-war/src/main/webapp/gallery"),
  "/static/": join(root, "sample-war/src/main/webapp/static"),
};
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html", ".svg": "image/svg+xml" };

/** The strictest that a host may have. */
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

export class Server {
  /** What was asked of the endpoints, as {method, path, headers, body}. */
  requests = [];
  /** By `METHOD path`, below the app: what answers, given the response and the request. A plain value is sent as JSON. */
  answers = {};
  /** What is on the page `/page`. */
  page = "";
  #server;

  static async start() {
    const server = new Server();
    server.#server = createServer((request, response) => server.#answer(request, response));
    await new Promise((listening) => server.#server.listen(0, "127.0.0.1", listening));
    server.url = `http://127.0.0.1:${server.#server.address().port}`;
    return server;
  }

  close() {
    this.#server.closeAllConnections();
    return new Promise((closed) => this.#server.close(closed));
  }

  asked(method, path) {
    return this.requests.filter((request) => request.method === method && request.path.startsWith(path));
  }

  async #answer(request, response) {
    const { pathname, searchParams } = new URL(request.url, this.url);
    response.setHeader("Content-Security-Policy", POLICY);
    response.setHeader("Cache-Control", "no-store");
    const [, path] = /^\/dify\/default\/(.*)/.exec(pathname) ?? [];
    if (path !== undefined) {
      await this.#endpoint(path, searchParams, request, response);
    } else if (pathname === "/page") {
      response.setHeader("Content-Type", "text/html; charset=utf-8");
      response.end(pageOf(this.page));
    } else {
      await sendFile(pathname, response);
    }
  }

  async #endpoint(path, query, request, response) {
    const asked = { method: request.method, path, query, headers: request.headers, body: await text(request) };
    this.requests.push(asked);
    const answer = this.answers[`${request.method} ${path}`] ?? this.answers[`${request.method} ${path.split("/").at(-1)}`];
    if (typeof answer === "function") {
      await answer(response, asked);
    } else {
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(answer ?? {}));
    }
  }
}

/** Writes events of Dify's, and ends the stream. */
export function stream(response, events, headers = {}) {
  begin(response, headers);
  events.forEach((event, i) => send(response, event, i + 1));
  response.end();
}

export function begin(response, headers = {}) {
  response.writeHead(200, { "Content-Type": "text/event-stream", ...headers });
}

export function send(response, event, id) {
  response.write(`id: ${id}\ndata: ${JSON.stringify({ task_id: "t-1", message_id: "m-1", conversation_id: "c-1", ...event })}\n\n`);
}

function pageOf(body) {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="UTF-8"><meta name="viewport" content="width=device-width, initial-scale=1">
    <title>A page</title><script src="/page-script.js"></script><script type="module" src="/dify-ui/dify-chat.js"></script>
    <link rel="icon" href="/static/icon.svg"></head><body><main><h1>A page</h1>${body}</main></body></html>`;
}

/** Notes what goes wrong, and helps to look into the chat. */
const PAGE_SCRIPT = `
  window.violations = [];
  window.fired = [];
  window.chat = () => document.querySelector("dify-chat");
  window.$ = (css) => chat().shadowRoot.querySelector(css);
  window.$$ = (css) => [...chat().shadowRoot.querySelectorAll(css)];
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) => violations.push([violatedDirective, blockedURI, sample].join(" ")));
  addEventListener("error", ({ message }) => violations.push(message));
  addEventListener("unhandledrejection", ({ reason }) => violations.push(String(reason)));
  for (const name of ["ready", "open", "close", "message", "error"]) {
    addEventListener("dify-" + name, ({ detail }) => fired.push({ name, ...detail }));
  }
`;

async function sendFile(pathname, response) {
  if (pathname === "/page-script.js") {
    response.setHeader("Content-Type", "text/javascript");
    response.end(PAGE_SCRIPT);
    return;
  }
  const [prefix, directory] = Object.entries(DIRECTORIES).find(([prefix]) => pathname.startsWith(prefix)) ?? [];
  try {
    const file = join(directory, pathname.slice(prefix.length) || "index.html");
    const content = await readFile(file);
    response.setHeader("Content-Type", `${TYPES[extname(file)]}; charset=utf-8`);
    response.end(content);
  } catch {
    response.writeHead(404).end();
  }
}
