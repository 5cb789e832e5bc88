import assert from "node:assert/strict";
import { File } from "node:buffer";
import { test } from "node:test";
import { DifyApi, fileReference } from "../../main/resources/META-INF/resources/dify-ui/dify-api.js";
import { answer, collect, relay } from "./relay.mjs";

/** An API whose every call gets the same response, and what it asked for. */
function api(body, { status = 200, type = "application/json", retryAfter, ...options } = {}) {
  const requests = [];
  const fetch = async (url, request) => {
    requests.push({ url, ...request, body: request.body && JSON.parse(request.body) });
    const text = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
    const headers = { "Content-Type": type, ...(retryAfter && { "Retry-After": retryAfter }) };
    return new Response(text, { status, headers });
  };
  return { api: new DifyApi({ base: "/shop/dify/", fetch, ...options }), requests };
}

const page = { data: [], has_more: false, limit: 20 };

for (const [name, call, expected, response = {}] of [
  ["lists conversations", (a) => a.conversations(), "GET /shop/dify/default/conversations", page],
  [
    "pages through conversations",
    (a) => a.conversations({ lastId: "a b", limit: 5, sortBy: "-updated_at" }),
    "GET /shop/dify/default/conversations?last_id=a+b&limit=5&sort_by=-updated_at",
    page,
  ],
  ["renames", (a) => a.rename("c/1", "Orders"), 'POST /shop/dify/default/conversations/c%2F1/name {"name":"Orders"}'],
  ["has a name made up", (a) => a.rename("c1"), 'POST /shop/dify/default/conversations/c1/name {"auto_generate":true}'],
  ["deletes", (a) => a.remove("c1"), "DELETE /shop/dify/default/conversations/c1"],
  [
    "pages back through messages",
    (a) => a.messages("c1", { firstId: "m1" }),
    "GET /shop/dify/default/messages?conversation_id=c1&first_id=m1",
    page,
  ],
  [
    "rates",
    (a) => a.rate("m1", "like", "Good"),
    'POST /shop/dify/default/messages/m1/feedbacks {"rating":"like","content":"Good"}',
  ],
  ["takes a rating back", (a) => a.rate("m1", null), 'POST /shop/dify/default/messages/m1/feedbacks {"rating":null}'],
  ["stops", (a) => a.stop("t1"), "POST /shop/dify/default/chat-messages/t1/stop {}"],
  ["stops a workflow", (a) => a.stop("t1", "workflows/tasks"), "POST /shop/dify/default/workflows/tasks/t1/stop {}"],
  ["asks what to ask next", (a) => a.suggested("m1"), "GET /shop/dify/default/messages/m1/suggested", { data: [] }],
  ["asks the app", (a) => a.parameters(), "GET /shop/dify/default/parameters"],
  ["asks what is left", (a) => a.quota(), "GET /shop/dify/quota"],
  ["fetches a form", (a) => a.form("f1"), "GET /shop/dify/default/form/human_input/f1"],
  [
    "fills in a form",
    (a) => a.fillIn("f1", "approve", { level: "low" }),
    'POST /shop/dify/default/form/human_input/f1 {"action":"approve","inputs":{"level":"low"}}',
  ],
]) {
  test(name, async () => {
    const { api: dify, requests } = api(response);
    await call(dify);
    const [{ method = "GET", url, body, headers }] = requests;
    assert.equal(`${method} ${url}${body ? ` ${JSON.stringify(body)}` : ""}`, expected);
    assert.equal(headers["X-Requested-With"], "dify-jakarta");
    assert.equal(headers["Content-Type"], body && "application/json");
  });
}

test("gives Dify's documents as they are", async () => {
  const document = { ...page, data: [{ id: "c1", name: "Orders" }] };
  assert.deepEqual(await api(document).api.conversations(), document);
  assert.equal(await api(undefined, { status: 204 }).api.remove("c1"), undefined);
});

test("has nothing to suggest where the app does not, and fails where it fails", async () => {
  assert.deepEqual(await api({ code: "bad_request" }, { status: 400 }).api.suggested("m1"), []);
  await assert.rejects(api({ code: "not_found" }, { status: 404 }).api.suggested("m1"), { code: "not_found" });
});

test("asks another app, with the headers of the page as they are at that time", async () => {
  let token = "first";
  const { api: dify, requests } = api({}, { app: "sales team", headers: () => ({ "X-CSRF": token }) });
  await dify.info();
  token = "second";
  await dify.site();
  assert.deepEqual(requests.map(({ url }) => url), ["/shop/dify/sales%20team/info", "/shop/dify/sales%20team/site"]);
  assert.deepEqual(requests.map(({ headers }) => headers["X-CSRF"]), ["first", "second"]);
});

test("makes a DifyError of a refusal, of a login page and of no answer", async () => {
  const quota = { code: "quota_exceeded", message: "Slow down", retryable: true };
  await assert.rejects(api(quota, { status: 429, retryAfter: "3" }).api.info(), {
    name: "DifyError",
    status: 429,
    ...quota,
    retryAfter: 3,
  });
  await assert.rejects(api("<form>", { type: "text/html" }).api.info(), { code: "login_required" });
  const fetch = () => Promise.reject(new TypeError("fetch failed"));
  await assert.rejects(new DifyApi({ base: "/dify", fetch }).info(), { status: 0, code: "unreachable" });
});

test("rejects with the reason of an abort", async () => {
  const reason = new Error("left");
  const fetch = (url, { signal }) => Promise.reject(signal.reason);
  const dify = new DifyApi({ base: "/dify", fetch });
  await assert.rejects(dify.info({ signal: AbortSignal.abort(reason) }), reason);
});

test("streams answers from every kind of app, with the page's headers", async (t) => {
  const server = await relay(answer(2));
  t.after(() => server.close());
  const dify = new DifyApi({ base: server.base, app: "sales", headers: { "X-CSRF": "token" } });

  const asked = dify.ask({ query: "Where?", conversation_id: "c1" });
  assert.deepEqual(await collect(asked), answer(2));
  assert.deepEqual(await collect(dify.resume(asked.resumeUrl, "2")), answer(2).slice(2));
  await collect(dify.complete({ text: "x" }));
  await collect(dify.run({ text: "x" }));
  assert.deepEqual(server.requests.map(({ method, url }) => `${method} ${url}`), [
    "POST /shop/dify/sales/chat-messages",
    "GET /shop/dify/sales/streams/stream-1",
    "POST /shop/dify/sales/completion-messages",
    "POST /shop/dify/sales/workflows/run",
  ]);
  assert.ok(server.requests.every(({ headers }) => headers["x-csrf"] === "token"));
  assert.deepEqual(JSON.parse(server.requests[2].body), { inputs: { text: "x" }, response_mode: "streaming" });
});

test("finds the endpoints beside the directory it was loaded from, and beside the page in a bundle", async () => {
  // This one was loaded from a file, as bundles are.
  assert.equal(new DifyApi().url("info"), "dify/default/info");
});

/** What XMLHttpRequest does, as far as an upload needs it. */
class FakeRequest {
  static last;
  upload = {};
  sent = {};
  headers = { "Content-Type": "application/json" };

  open(method, url) {
    this.line = `${method} ${url}`;
    FakeRequest.last = this;
  }

  setRequestHeader(name, value) {
    this.sent[name] = value;
  }

  getResponseHeader(name) {
    return this.headers[name] ?? null;
  }

  send(body) {
    this.body = body;
  }

  abort() {
    this.onabort();
    this.onloadend();
  }

  answer(status, responseText, headers) {
    Object.assign(this, { status, responseText });
    Object.assign(this.headers, headers);
    this.onload();
    this.onloadend();
  }
}

function uploading(t, options) {
  globalThis.XMLHttpRequest = FakeRequest;
  t.after(() => delete globalThis.XMLHttpRequest);
  const uploaded = new DifyApi({ base: "/shop/dify", headers: { "X-CSRF": "token" } }).upload(
    new File(["pixels"], "a.png", { type: "image/png" }),
    options,
  );
  return { uploaded, request: FakeRequest.last };
}

test("uploads a file and tells how far it has come", async (t) => {
  const shares = [];
  const { uploaded, request } = uploading(t, { onProgress: (share) => shares.push(share) });
  request.upload.onprogress({ loaded: 5, total: 20 });
  request.upload.onload();
  request.answer(201, '{"id":"f1","mime_type":"image/png"}');

  assert.equal(request.line, "POST /shop/dify/default/files/upload");
  assert.equal(request.body.get("file").name, "a.png");
  assert.deepEqual(request.sent, { Accept: "application/json", "X-Requested-With": "dify-jakarta", "X-CSRF": "token" });
  assert.deepEqual(shares, [0.25, 1]);
  assert.deepEqual(fileReference(await uploaded), { type: "image", transfer_method: "local_file", upload_file_id: "f1" });
});

test("cancels an upload", async (t) => {
  const control = new AbortController();
  const { uploaded } = uploading(t, { signal: control.signal });
  control.abort(new Error("not that one"));
  await assert.rejects(uploaded, { message: "not that one" });
});

test("tells why a file was refused, and when the server was not there", async (t) => {
  const { uploaded, request } = uploading(t);
  request.answer(413, '{"code":"file_too_large","message":"Too large"}', { "Retry-After": "2" });
  await assert.rejects(uploaded, { name: "DifyError", status: 413, code: "file_too_large", retryAfter: 2 });

  const second = uploading(t);
  second.request.onerror();
  await assert.rejects(second.uploaded, { code: "unreachable" });
});

test("says that an upload did not arrive when the browser itself has ended it", async (t) => {
  const { uploaded, request } = uploading(t);
  request.abort();
  await assert.rejects(uploaded, { name: "DifyError", code: "unreachable" });

  const second = uploading(t, { signal: new AbortController().signal });
  second.request.abort();
  await assert.rejects(second.uploaded, { name: "DifyError", code: "unreachable" });
});

for (const [mime_type, type] of [["image/png", "image"], ["audio/mpeg", "audio"], ["application/pdf", "document"], [null, "document"]]) {
  test(`names a file of type ${mime_type} in a question as ${type}`, () => {
    assert.equal(fileReference({ id: "f1", mime_type }).type, type);
  });
}
