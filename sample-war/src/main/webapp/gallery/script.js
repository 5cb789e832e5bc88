/** A server that is none: answers the requests of the chats of this page, by the app they ask for. */
import { arabic, rich, table } from "./answers.js";

const NEVER = new Promise(() => {});

const parameters = {
  suggested_questions: ["Where is order 1048?", "Which orders are on hold?", "How do I cancel an order?"],
  suggested_questions_after_answer: { enabled: true },
};

const sources = [
  { position: 1, document_name: "Terms of delivery.pdf", content: "Goods are delivered within five working days, unless agreed otherwise." },
  { position: 2, document_name: "Stock list, week 12.xlsx", content: "K-02  Espresso roast, 10 kg  8" },
];

const form = [
  { "text-input": { variable: "customer", label: "Customer", required: true, max_length: 40 } },
  { select: { variable: "tone", label: "Tone", required: false, options: ["friendly", "formal"], default: "friendly" } },
  { checkbox: { variable: "urgent", label: "It is urgent" } },
];

const conversations = [
  ["Where is order 1048?", 1774300000],
  ["Cancel an order of Old Town Grocers that is already on its way", 1774200000],
  ["\u202eevil.exe <b>not bold</b>", 1774100000],
  ["طلب رقم 1047", 1774000000],
].map(([name, updated_at], i) => ({ id: `c-${i}`, name, updated_at, created_at: updated_at }));

/** What an app of the gallery answers to a question; each piece is an event, or a promise to wait for. */
const answers = {
  * streaming() {
    yield* words(rich.slice(0, 420), 30);
    yield NEVER;
  },
  * answer() {
    yield* node("Find the order");
    yield* node("Look into the stock");
    yield* words(rich, 0);
    yield end({ retriever_resources: sources });
  },
  * table() {
    yield* words(table, 0);
    yield end();
  },
  * error() {
    yield* words("Order 1048 is open: it waits for the espresso roast, which", 0);
    yield { event: "error", status: 502, code: "upstream_closed", message: "Dify ended the connection <b>early</b>." };
  },
  * rtl() {
    yield* words(arabic, 0);
    yield end({ retriever_resources: sources });
  },
  * decision() {
    yield* node("Check the credit limit");
    yield* words("This needs somebody's approval.", 0);
    yield {
      event: "human_input_required",
      workflow_run_id: "r-1",
      data: {
        form_token: "token",
        form_content: "Release order **1046** of Old Town Grocers?\n\n{{#$output.reason#}}",
        inputs: [{ output_variable_name: "reason", type: "paragraph", default: { value: "Paid in advance." } }],
        actions: [{ id: "release", title: "Release", button_style: "primary" }, { id: "keep", title: "Keep on hold" }],
      },
    };
    yield { event: "workflow_paused", data: {} };
  },
};

const documents = {
  "GET parameters": (app) => ({
    ...parameters,
    ...(app === "opening" && { opening_statement: "Hello! I know all **orders and customers**. What can I do for you?" }),
    ...(app === "form" && { user_input_form: form }),
    ...(app === "upload" && { file_upload: { enabled: true, allowed_file_types: ["image", "document"], number_limits: 3 } }),
  }),
  "GET conversations": () => ({ data: conversations, has_more: true, limit: 20 }),
  "GET messages": () => ({ data: [{ id: "m-1", query: "Where is it?", answer: rich, feedback: null, retriever_resources: sources }], has_more: false }),
  "GET suggested": () => ({ data: ["When will it arrive?", "Can I change the address?"] }),
};

/** Answers a request, if it is one of a chat. */
export function respond(url, method, body) {
  const [, app, path] = /\/dify\/([^/]+)\/([^?]+)/.exec(url) ?? [];
  if (app === undefined) {
    return null;
  }
  if (method === "POST" && path === "chat-messages") {
    return app === "quota" ? refused() : streamed((answers[app] ?? answers.answer)(JSON.parse(body).query));
  }
  const document = documents[`${method} ${path.split("/").at(-1)}`]?.(app) ?? { result: "success" };
  return new Response(JSON.stringify(document), { headers: { "Content-Type": "application/json" } });
}

function refused() {
  const problem = { status: 429, code: "quota_exceeded", message: "20 requests a minute" };
  return new Response(JSON.stringify(problem), { status: 429, headers: { "Content-Type": "application/problem+json", "Retry-After": "42" } });
}

function streamed(pieces) {
  const utf8 = new TextEncoder();
  const ids = { task_id: "t-1", message_id: "m-1", conversation_id: "c-0" };
  const body = new ReadableStream({
    async pull(controller) {
      const { value, done } = pieces.next();
      if (done) {
        controller.close();
      } else if (value instanceof Promise) {
        await value;
      } else {
        controller.enqueue(utf8.encode(`data: ${JSON.stringify({ ...ids, ...value })}\n\n`));
      }
    },
  });
  return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
}

function* words(text, milliseconds) {
  for (const answer of text.match(/\s*\S+|\s+$/g)) {
    yield { event: "message", answer };
    if (milliseconds > 0) {
      yield new Promise((go) => setTimeout(go, milliseconds));
    }
  }
}

function* node(title) {
  const id = `n-${title}`;
  yield { event: "node_started", data: { id, title } };
  yield { event: "node_finished", data: { id, title, status: "succeeded", error: null } };
}

function end(metadata = {}) {
  return { event: "message_end", metadata };
}
