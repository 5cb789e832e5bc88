import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { Chromium, KEYS } from "./chromium.mjs";
import { begin, send, Server, stream } from "./server.mjs";

let server;
let browser;

before(async () => {
  server = await Server.start();
  browser = await Chromium.start();
  await browser.devtools("Browser.grantPermissions", { permissions: ["clipboardReadWrite", "clipboardSanitizedWrite"] });
});

after(async () => {
  await browser.close();
  await server.close();
});

beforeEach(async () => {
  server.requests = [];
  server.answers = { "POST chat-messages": (response) => stream(response, [message("It is **on its way**."), end()]) };
  await browser.emulate({});
});

afterEach(async () => {
  assert.deepEqual(await browser.run(() => violations), []);
});

const message = (answer) => ({ event: "message", answer });
const end = (metadata = {}) => ({ event: "message_end", metadata });

/** Opens a page with a chat that knows nothing of the tests before, and waits for it unless it is closed. */
async function open(body = "<dify-chat></dify-chat>") {
  server.page = "";
  await browser.go(`${server.url}/page`);
  await browser.run(() => sessionStorage.clear());
  server.page = body;
  await browser.reload();
  await (body.includes("floating") ? browser.until(() => $(".launcher") !== null) : ready());
}

const ready = () => browser.until(() => fired.some(({ name }) => name === "ready"));
const fired = (wanted) => browser.run((wanted) => window.fired.filter(({ name }) => name === wanted), wanted);
const text = (css) => browser.run((css) => $(css)?.textContent ?? null, css);
const focused = () => browser.run(() => document.activeElement.shadowRoot?.activeElement?.id || document.activeElement.shadowRoot?.activeElement?.className || null);
const exists = (css) => browser.until((css) => $(css) !== null, css);

async function ask(question) {
  await browser.type("#question", question + KEYS.enter);
}

async function answered(count = 1) {
  return browser.until((count) => fired.filter(({ name, role }) => name === "message" && role === "assistant")[count - 1], count);
}

test("asks and shows the answer as Markdown", async () => {
  await open();
  await ask("Where is it?");
  const { text: said, state, messageId, conversationId } = await answered();

  assert.deepEqual([said, state, messageId, conversationId], ["It is **on its way**.", "done", "m-1", "c-1"]);
  assert.equal(await text(".question"), "Where is it?");
  assert.equal(await text(".content strong"), "on its way");
  assert.equal(await text("textarea"), "");
  const [{ body, headers }] = server.asked("POST", "chat-messages");
  assert.deepEqual(JSON.parse(body), { query: "Where is it?", inputs: {}, conversation_id: "", files: [], response_mode: "streaming" });
  assert.ok(headers["x-requested-with"]);
});

test("goes on with the conversation", async () => {
  await open();
  await ask("One");
  await answered();
  await ask("Two");
  await answered(2);

  assert.equal(JSON.parse(server.asked("POST", "chat-messages")[1].body).conversation_id, "c-1");
});

test("says once that it is answering and once what the answer is", async () => {
  server.answers["POST chat-messages"] = (response) => stream(response, [..."One two three."].map(message).concat(end()));
  await open();
  await browser.run(() => {
    const status = $("[role=status]");
    window.spoken = [];
    new MutationObserver(() => spoken.push(status.textContent.trim())).observe(status, { childList: true });
  });
  await ask("Count");
  await answered();

  assert.deepEqual(await browser.run(() => spoken), ["The assistant is answering.", "One two three."]);
  assert.equal(await browser.run(() => $("[role=log]").ariaLive), "off");
});

test("does not send what an input method is still composing", async () => {
  await open();
  await browser.click("#question");
  await browser.devtools("Input.imeSetComposition", { text: "かな", selectionStart: 2, selectionEnd: 2 });
  await browser.devtools("Input.dispatchKeyEvent", { type: "rawKeyDown", key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 });
  await browser.devtools("Input.dispatchKeyEvent", { type: "keyUp", key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 });
  assert.equal((await fired("message")).length, 0);

  await browser.devtools("Input.insertText", { text: "仮名" });
  // As Safari tells of it: the composition is over by then, but the key is the input method's.
  await browser.run(() => {
    const input = $("#question");
    input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", keyCode: 229, bubbles: true, cancelable: true }));
  });
  assert.equal((await fired("message")).length, 0);

  await browser.keys(KEYS.enter);
  await answered();
  assert.equal(await text(".question"), "仮名");
});

test("starts a new line by Shift and Enter, and grows with it", async () => {
  await open();
  const height = () => browser.run(() => $("#question").offsetHeight);
  const before = await height();
  await browser.type("#question", `One${KEYS.shift}${KEYS.enter}${KEYS.shift}Two`);

  assert.ok((await height()) > before);
  assert.equal((await fired("message")).length, 0);
});

test("stops at Dify and keeps what came", async () => {
  let running;
  server.answers["POST chat-messages"] = (response) => {
    running = response;
    begin(response);
    send(response, message("One two"), 1);
  };
  server.answers["POST stop"] = (response) => {
    response.setHeader("Content-Type", "application/json");
    response.end('{"result":"success"}');
    send(running, end(), 2);
    running.end();
  };
  await open();
  await ask("Count");
  await exists(".content p");
  await browser.click("[part=stop]");
  const { state } = await answered();

  assert.equal(state, "stopped");
  assert.equal(server.asked("POST", "chat-messages/t-1/stop").length, 1);
  assert.equal(await text(".content"), "One two");
  assert.equal(await text(".note"), "Stopped.");
  assert.equal(await focused(), "question");
});

test("keeps a partial answer, marks it, and asks again on request", async () => {
  const answer = server.answers["POST chat-messages"];
  server.answers["POST chat-messages"] = (response) =>
    stream(response, [message("One"), { event: "error", status: 502, code: "upstream_closed", message: "Gone" }]);
  await open();
  await ask("Count");
  assert.equal((await answered()).state, "incomplete");
  assert.equal(await text("[data-state=incomplete] .content"), "One");
  assert.equal(await text("[data-state=incomplete] .note"), "Gone");
  assert.equal((await fired("error")).length, 1);

  server.answers["POST chat-messages"] = answer;
  await browser.click(".retry");
  assert.equal((await answered(2)).state, "done");
  assert.equal(await browser.run(() => $$(".answer").length), 1);
});

test("counts down after too many questions, and lets ask again after it", async () => {
  server.answers["POST chat-messages"] = (response) => {
    response.writeHead(429, { "Content-Type": "application/problem+json", "Retry-After": "2" });
    response.end('{"status":429,"code":"quota_exceeded","message":"20 a minute"}');
  };
  await open();
  await ask("One");
  await answered();
  await browser.until(() => /in [12] seconds?\.$/.test($(".notice").textContent));
  await browser.type("#question", "Two");
  const blocked = () => browser.run(() => [...$$(".retry, [part=send]")].map((button) => button.disabled));
  assert.deepEqual(await blocked(), [true, true]);

  await browser.until(() => $(".notice").hidden);
  assert.deepEqual(await blocked(), [false, false]);
});

test("says when it is offline, and keeps the question", async () => {
  await open();
  await browser.devtools("Network.enable", {});
  await browser.devtools("Network.emulateNetworkConditions", { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await browser.until(() => $(".notice").textContent.startsWith("You are offline"));
  await ask("One");
  assert.equal(await browser.run(() => $("#question").value), "One");

  await browser.devtools("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await browser.until(() => $(".notice").hidden);
  await browser.keys(KEYS.enter);
  await answered();
});

test("goes on with an answer after a reload, and asks only once", async () => {
  server.answers["POST chat-messages"] = (response) => {
    begin(response, { "Dify-Stream-Id": "s-1" });
    send(response, message("One **two"), 1);
    send(response, message(" three"), 2);
  };
  server.answers["GET streams/s-1"] = (response) => {
    begin(response, { "Dify-Stream-Id": "s-1" });
    send(response, message("One **two"), 1);
    send(response, message(" three"), 2);
    send(response, message("** four."), 3);
    send(response, end(), 4);
    response.end();
  };
  server.answers["GET messages"] = { data: [{ id: "m-1", query: "Count", answer: "", feedback: null }], has_more: false };
  await open();
  await ask("Count");
  await browser.until(() => $(".content")?.textContent === "One two three");
  await browser.reload();
  await answered();

  assert.equal(await text(".content"), "One two three four.");
  assert.equal(await text(".question"), "Count");
  assert.equal(server.asked("POST", "chat-messages").length, 1);
  assert.equal(server.asked("GET", "streams/s-1")[0].headers["last-event-id"], undefined);
});

test("shows the history after a reload, also where the rest of an answer is lost", async () => {
  server.answers["POST chat-messages"] = (response) => {
    begin(response, { "Dify-Stream-Id": "s-1" });
    send(response, message("One"), 1);
  };
  server.answers["GET streams/s-1"] = (response) => response.writeHead(410, { "Content-Type": "application/problem+json" }).end('{"status":410,"code":"gone"}');
  server.answers["GET messages"] = { data: [{ id: "m-1", query: "Count", answer: "One two.", feedback: { rating: "like" } }], has_more: false };
  await open();
  await ask("Count");
  await exists(".content p");
  await browser.reload();
  await browser.until(() => $(".content")?.textContent === "One two.");

  assert.equal(await browser.run(() => $("[data-rating=like]").ariaPressed), "true");
  assert.equal(await browser.run(() => $$(".question").length), 1);
});

test("rates, takes that back, and takes a comment", async () => {
  await open();
  await ask("One");
  await answered();
  await browser.click("[data-rating=like]");
  await browser.click("[data-rating=like]");
  await browser.click("[data-rating=dislike]");
  await browser.type(".comment textarea", "Too short");
  await browser.click(".comment .primary");
  await browser.until(() => $(".comment") === null);

  const ratings = () => server.asked("POST", "messages/m-1/feedbacks").map(({ body }) => JSON.parse(body));
  await browser.until(() => $("[role=status]").textContent === "Thank you.");
  assert.deepEqual(ratings(), [{ rating: "like" }, { rating: null }, { rating: "dislike" }, { rating: "dislike", content: "Too short" }]);
});

test("takes a rating back that the server did not take", async () => {
  server.answers["POST feedbacks"] = (response) => response.writeHead(503, { "Content-Type": "application/problem+json" }).end('{"status":503,"code":"x","message":"Not now"}');
  await open();
  await ask("One");
  await answered();
  await browser.click("[data-rating=like]");
  await browser.until(() => $(".notice").textContent === "Not now");

  assert.equal(await browser.run(() => $("[data-rating=like]").ariaPressed), "false");
});

test("copies an answer as Markdown and as what it looks like", async () => {
  await open();
  await ask("One");
  await answered();
  await browser.click(".actions [aria-label=Copy]");
  await browser.until(() => $("[role=status]").textContent === "Copied.");
  const copied = await browser.run(async () => {
    const [item] = await navigator.clipboard.read();
    return Promise.all(["text/plain", "text/html"].map(async (type) => (await item.getType(type)).text()));
  });

  assert.equal(copied[0], "It is **on its way**.");
  assert.match(copied[1], /<strong[^>]*>on its way<\/strong>/);
});

test("copies where pages have no clipboard, as over plain http", async () => {
  await open();
  await ask("One");
  await answered();
  await browser.run(async () => {
    window.clipboard = navigator.clipboard;
    await clipboard.writeText("before");
    Object.defineProperty(navigator, "clipboard", { value: undefined });
  });
  await browser.click(".actions [aria-label=Copy]");
  await browser.until(() => $("[role=status]").textContent === "Copied.");

  assert.equal(await browser.run(() => clipboard.readText()), "It is **on its way**.");
});

test("offers what the app suggests, before and after", async () => {
  server.answers["GET parameters"] = { opening_statement: "Hello **{{name}}**", suggested_questions: ["First?"], suggested_questions_after_answer: { enabled: true } };
  server.answers["GET suggested"] = { data: ["Next?"] };
  await open(`<dify-chat inputs='{"name":"Ada"}'></dify-chat>`);
  assert.equal(await text(".answer .content"), "Hello Ada");
  await browser.click(".suggestions button");
  await answered();
  assert.equal(await text(".question"), "First?");
  await browser.until(() => $(".suggestions")?.textContent === "Next?");
  assert.deepEqual(JSON.parse(server.asked("POST", "chat-messages")[0].body).inputs, { name: "Ada" });
});

test("asks first what the app wants to know, but for what the page knows", async () => {
  server.answers["GET parameters"] = {
    user_input_form: [
      { "text-input": { variable: "customer", label: "Customer", required: true } },
      { number: { variable: "amount", label: "Amount" } },
      { select: { variable: "tone", label: "Tone", options: ["calm", "loud"], default: "calm" } },
      { checkbox: { variable: "urgent", label: "Urgent" } },
      { paragraph: { variable: "order", label: "Order" } },
    ],
  };
  await open(`<dify-chat inputs='{"order":1048}'></dify-chat>`);
  await ask("One");
  assert.equal((await fired("message")).length, 0);
  assert.equal(await browser.run(() => $("[name=order]")), null);

  await browser.type("[name=customer]", "Linden");
  await browser.type("[name=amount]", "3");
  await browser.click("[name=urgent]");
  await browser.click("[part=send]");
  await answered();
  const { inputs } = JSON.parse(server.asked("POST", "chat-messages")[0].body);
  assert.deepEqual(inputs, { customer: "Linden", amount: 3, tone: "calm", urgent: true, order: 1048 });
});

test("uploads files and sends them along", async () => {
  server.answers["GET parameters"] = { file_upload: { enabled: true, allowed_file_types: ["document"], number_limits: 2 }, system_parameters: { file_size_limit: 1 } };
  server.answers["POST files/upload"] = { id: "f-1", name: "a.txt", mime_type: "text/plain", size: 1 };
  await open();
  await drop(["a.txt", "text/plain", 1], ["b.png", "image/png", 1], ["c.txt", "text/plain", 2_000_000]);
  await browser.until(() => $(".notice").textContent === "c.txt is larger than 1 MB.");
  await browser.until(() => $$(".files li").length === 1);
  await browser.until(() => $("progress") === null);
  await ask("What is in it?");
  await answered();

  assert.equal(await text(".question .file"), "a.txt");
  assert.deepEqual(JSON.parse(server.asked("POST", "chat-messages")[0].body).files, [{ type: "document", transfer_method: "local_file", upload_file_id: "f-1" }]);
});

test("cancels an upload", async () => {
  server.answers["GET parameters"] = { file_upload: { enabled: true, allowed_file_types: ["document"] } };
  let cancelled;
  const uploading = new Promise((began) => {
    server.answers["POST files/upload"] = (response) => {
      cancelled = new Promise((closed) => response.on("close", closed));
      began();
    };
  });
  await open();
  await drop(["a.txt", "text/plain", 1]);
  await uploading;
  await browser.click(".files button");
  await cancelled;

  assert.equal(await browser.run(() => $(".files").hidden), true);
});

function drop(...files) {
  return browser.run((files) => {
    const data = new DataTransfer();
    files.forEach(([name, type, size]) => data.items.add(new File(["x".repeat(size)], name, { type })));
    $("#panel").dispatchEvent(new DragEvent("drop", { dataTransfer: data }));
  }, files);
}

test("opens, renames and deletes conversations", async () => {
  server.answers["GET conversations"] = { data: [{ id: "c-1", name: "First", updated_at: 1 }, { id: "c-2", name: "Second", updated_at: 2 }], has_more: false };
  server.answers["GET messages"] = { data: [{ id: "m-1", query: "Old question", answer: "Old answer", feedback: null }], has_more: false };
  await open();
  await browser.click("header button");
  await browser.click("[aria-label='Rename First']");
  await browser.keys(..."Third", KEYS.enter);
  await exists("[aria-label='Rename Third']");
  await browser.click("[aria-label='Delete Second']");
  await browser.click(".asking .primary");
  await browser.until(() => $$(".history li").length === 1);
  await browser.click(".entry .open");
  await browser.until(() => $(".content")?.textContent === "Old answer");

  assert.equal(await text(".question"), "Old question");
  assert.equal(server.asked("POST", "conversations/c-1/name")[0].body, '{"name":"Third"}');
  assert.equal(server.asked("DELETE", "conversations/c-2").length, 1);
  assert.equal(await browser.run(() => $(".history").hidden), true);
});

test("shows steps and sources folded up, and no thinking in the answer", async () => {
  server.answers["POST chat-messages"] = (response) =>
    stream(response, [
      { event: "node_started", data: { id: "n", title: "Look it up" } },
      { event: "node_finished", data: { id: "n", title: "Look it up", error: null } },
      message("<thi"),
      message("nk>Hm, well.</think>\n\nYes"),
      message("."),
      end({ retriever_resources: [{ document_name: "<b>a.pdf</b>", content: "Yes, it is." }] }),
    ]);
  await open();
  await ask("Is it?");
  await answered();

  assert.equal(await text(".content"), "Yes.");
  assert.equal(await text(".steps summary"), "2 steps");
  assert.equal(await text(".steps li:last-child"), "ThinkingHm, well.");
  assert.equal(await text(".sources li"), "<b>a.pdf</b>Yes, it is.");
});

test("takes an agent's last message for the whole answer, and a replacement for all of it", async () => {
  server.answers["POST chat-messages"] = (response) =>
    stream(response, [{ event: "agent_message", answer: "One " }, { event: "agent_message", answer: "two" }, message("One two."), end()]);
  await open();
  await ask("Count");
  assert.equal((await answered()).text, "One two.");

  server.answers["POST chat-messages"] = (response) => stream(response, [message("Bad w"), { event: "message_replace", answer: "*Sorry*." }, end()]);
  await ask("Again");
  assert.equal((await answered(2)).text, "*Sorry*.");
  assert.equal(await text(".answer:last-of-type .content"), "Sorry.");
});

test("has somebody decide, and goes on", async () => {
  server.answers["POST chat-messages"] = (response) =>
    stream(response, [
      { event: "human_input_required", workflow_run_id: "r-1", data: { form_token: "tok", form_content: "Release **it**?\n{{#$output.why#}}", inputs: [{ output_variable_name: "why", type: "paragraph" }], actions: [{ id: "yes", title: "Release", button_style: "primary" }] } },
      { event: "workflow_paused", workflow_run_id: "r-1", data: {} },
    ]);
  server.answers["GET workflow/r-1/events"] = (response) => stream(response, [message("Released."), end()]);
  await open();
  await ask("Release");
  assert.equal((await answered()).state, "paused");
  await browser.type("[name=why]", "Paid");
  await browser.click(".fields .primary");
  assert.equal((await answered(2)).text, "Released.");

  assert.deepEqual(JSON.parse(server.asked("POST", "form/human_input/tok")[0].body), { action: "yes", inputs: { why: "Paid" } });
});

test("can be used by the keyboard alone", async () => {
  await open(`<a id="before" href="#">A link</a><dify-chat floating></dify-chat>`);
  const launcher = (name) => browser.run((name) => $(".launcher").getAttribute(name), name);
  await browser.run(() => document.getElementById("before").focus());
  await browser.keys(KEYS.tab);
  assert.equal(await focused(), "icon launcher");
  assert.equal(await launcher("aria-expanded"), "false");

  await browser.keys(KEYS.enter);
  await ready();
  assert.equal(await focused(), "question");
  assert.equal(await launcher("aria-expanded"), "true");
  await browser.keys(..."Hi", KEYS.enter);
  await answered();
  await browser.keys(KEYS.escape);
  assert.equal(await focused(), "icon launcher");
  assert.equal(await launcher("aria-expanded"), "false");
  assert.deepEqual((await browser.run(() => window.fired.map(({ name }) => name).filter((name) => name !== "message"))), ["open", "ready", "close"]);

  await browser.keys(KEYS.enter);
  await browser.click("header button");
  await exists(".history:not([hidden])");
  await browser.keys(KEYS.escape);
  assert.equal(await browser.run(() => $(".history").hidden), true);
  assert.equal(await browser.run(() => chat().shadowRoot.activeElement.getAttribute("aria-label")), "Conversations");
  assert.equal(await browser.run(() => chat().hasAttribute("open")), true);
});

test("keeps the focus while it is all there is on a small screen", async () => {
  await browser.emulate({ width: 390, height: 700, phone: true });
  await open(`<a id="before" href="#">A link</a><dify-chat floating></dify-chat>`);
  await browser.click(".launcher");
  await ready();
  assert.equal(await browser.run(() => $("dialog").matches(":modal")), true);
  for (let i = 0; i < 15; i++) {
    await browser.keys(KEYS.tab);
    assert.notEqual(await browser.run(() => document.activeElement.id), "before");
  }
  await browser.keys(KEYS.escape);
  await browser.until(() => !chat().hasAttribute("open"));
  assert.equal(await focused(), "icon launcher");
});

test("scrolls along unless its reader has scrolled away", async () => {
  let running;
  server.answers["POST chat-messages"] = (response) => {
    running = response;
    begin(response);
    send(response, message("A line.\n\n".repeat(60)), 1);
  };
  const fromEnd = () =>
    browser.run(() => {
      const { scrollHeight, scrollTop, clientHeight } = $(".log");
      return Math.round(scrollHeight - scrollTop - clientHeight);
    });
  const paragraphs = (count) => browser.until((count) => $$(".content p").length >= count, count);
  await open();
  await ask("Tell");
  await paragraphs(60);
  assert.ok((await fromEnd()) <= 1);

  await browser.wheel(500, 400, -600);
  await browser.until(() => !$(".to-end").hidden);
  const before = await fromEnd();
  send(running, message("Another line.\n\n".repeat(20)), 2);
  await paragraphs(80);
  assert.ok((await fromEnd()) > before + 100);

  await browser.click(".to-end");
  assert.ok((await fromEnd()) <= 1);
  send(running, message("The last line.\n\n".repeat(20)), 3);
  await paragraphs(100);
  assert.ok((await fromEnd()) <= 1);
  running.end();
});

test("says what the page has it say, in the page's language and direction", async () => {
  await open(`<div lang="ar" dir="rtl"><dify-chat></dify-chat></div>`);
  await browser.run(() => (chat().texts = { placeholder: "اسأل", sources: { two: "مصدران", other: "{n}" } }));
  await browser.until(() => $("#question").placeholder === "اسأل");
  server.answers["POST chat-messages"] = (response) => stream(response, [message("نعم"), end({ retriever_resources: [{ content: "1" }, { content: "2" }] })]);
  await ask("هل؟");
  await answered();

  assert.equal(await text(".sources summary"), "مصدران");
  assert.equal(await browser.run(() => getComputedStyle($(".panel")).direction), "rtl");
});

test("draws answers with the page's own renderer", async () => {
  await open();
  await browser.run(() => (chat().renderer = (text, element) => (element.textContent = text.toUpperCase())));
  await browser.until(() => fired.filter(({ name }) => name === "ready").length === 2);
  await ask("One");
  await answered();

  assert.equal(await text(".content"), "IT IS **ON ITS WAY**.");
});

test("takes what the page gave before the element was there", async () => {
  await open();
  await browser.run(() => {
    const early = document.implementation.createHTMLDocument().createElement("dify-chat");
    early.inputs = { order: 7 };
    chat().replaceWith(early);
  });
  await browser.until(() => fired.filter(({ name }) => name === "ready").length === 2);
  await ask("One");
  await answered();
  assert.deepEqual(JSON.parse(server.asked("POST", "chat-messages")[0].body).inputs, { order: 7 });
});

test("asks what the page has it ask before it is ready, and opens for it", async () => {
  server.answers["GET parameters"] = (response) => setTimeout(() => response.setHeader("Content-Type", "application/json").end("{}"), 100);
  await open(`<dify-chat floating></dify-chat>`);
  assert.equal(await browser.run(() => chat().ask("One")), true);
  await answered();

  assert.equal(await text(".question"), "One");
  assert.equal(await browser.run(() => chat().hasAttribute("open")), true);
});

test("keeps the conversation when the page changes its words", async () => {
  server.answers["GET messages"] = { data: [{ id: "m-1", query: "Old question", answer: "Old answer", feedback: null }], has_more: false };
  await open();
  await ask("One");
  await answered();
  await browser.reload();
  // At once, while it is still loading.
  await browser.until(() => chat().shadowRoot !== null && ((chat().texts = { placeholder: "Frag" }), true));
  await browser.until(() => $(".content")?.textContent === "Old answer" && $("#question").placeholder === "Frag");
  await browser.reload();
  await browser.until(() => $(".content")?.textContent === "Old answer");
});

test("shows the conversation that was chosen last", async () => {
  server.answers["GET conversations"] = { data: [{ id: "c-1", name: "Slow", updated_at: 1 }, { id: "c-2", name: "Fast", updated_at: 2 }] };
  let slow;
  server.answers["GET messages"] = (response, { query }) => {
    const name = query.get("conversation_id");
    const end = () => response.setHeader("Content-Type", "application/json").end(JSON.stringify({ data: [{ id: name, query: name, answer: name, feedback: null }] }));
    name === "c-1" ? (slow = end) : end();
  };
  await open();
  await browser.click("header button");
  await browser.click(".entry:nth-child(1) .open");
  await browser.click("header button");
  await browser.click(".entry:nth-child(2) .open");
  await browser.until(() => $(".content")?.textContent === "c-2");
  slow();
  await browser.run(() => fetch("/dify/default/x").then((response) => response.text()));
  assert.equal(await text(".content"), "c-2");
});

test("looks as the page wants it", async () => {
  await open(`<dify-chat heading="Ask us" theme="dark"><img slot="avatar" alt="" src="/static/icon.svg"><p slot="empty">Welcome!</p></dify-chat>`);
  await browser.run(() => chat().style.setProperty("--dify-accent", "rgb(1, 2, 3)"));
  await browser.until(() => getComputedStyle($("[part=send]")).backgroundColor === "rgb(1, 2, 3)");

  assert.equal(await text("h2"), "Ask us");
  assert.deepEqual(await browser.run(() => $$("slot").map((slot) => slot.assignedElements().length)), [1, 0, 1]);
  assert.equal(await browser.run(() => getComputedStyle($(".panel")).backgroundColor), "rgb(21, 24, 30)");
});

test("sends the headers that the page's application wants", async () => {
  await open();
  await browser.run(() => (chat().headers = () => ({ "X-CSRF-Token": "t" })));
  await ask("One");
  await answered();
  await browser.click("[data-rating=like]");
  await browser.until(() => $("[role=status]").textContent === "Thank you.");

  assert.deepEqual(server.asked("POST", "").map(({ headers }) => headers["x-csrf-token"]), ["t", "t"]);
});

test("leaves nothing running when it is taken off the page", async () => {
  let closed;
  const running = new Promise((began) => {
    server.answers["POST chat-messages"] = (response) => {
      closed = new Promise((close) => response.on("close", close));
      begin(response);
      send(response, message("One"), 1);
      began();
    };
  });
  await open();
  await ask("Count");
  await running;
  await browser.run(() => chat().remove());
  await closed;
});

test("asks nothing but the last question again", async () => {
  const answer = server.answers["POST chat-messages"];
  server.answers["POST chat-messages"] = (response) => stream(response, [message("One"), { event: "error", status: 502, code: "upstream_closed", message: "Gone" }]);
  await open();
  await ask("First");
  await answered();
  await exists(".retry");
  server.answers["POST chat-messages"] = answer;
  await ask("Second");
  assert.equal((await answered(2)).state, "done");

  assert.equal(await browser.run(() => $$(".retry").length), 0);
  assert.equal(await browser.run(() => $$("[data-state=incomplete] .actions button").length), 3);
});

for (const [what, method] of [["blocked", null], ["full", "setItem"]]) {
  test(`answers where the tab's memory is ${what}`, async () => {
    await open();
    await browser.run((method) => {
      const refuse = () => {
        throw new DOMException("No", "SecurityError");
      };
      if (method) {
        Storage.prototype[method] = refuse;
      } else {
        Object.defineProperty(window, "sessionStorage", { get: refuse });
      }
      chat().replaceWith(document.createElement("dify-chat"));
    }, method);
    await browser.until(() => fired.filter(({ name }) => name === "ready").length === 2);
    await ask("One");

    assert.equal((await answered()).state, "done");
  });
}

test("begins anew where the tab remembers what makes no sense", async () => {
  await open();
  await browser.run(async () => {
    const main = chat().parentElement;
    chat().remove();
    // It still remembers where it was.
    await null;
    await null;
    sessionStorage.setItem(Object.keys(sessionStorage).find((key) => key.startsWith("dify-chat")), "{");
    main.append(document.createElement("dify-chat"));
  });
  await browser.until(() => fired.filter(({ name }) => name === "ready").length === 2);
  await ask("One");
  assert.equal((await answered()).state, "done");
});

test("says that it is reconnecting only as long as it is", async () => {
  server.answers["POST chat-messages"] = (response) => {
    begin(response, { "Dify-Stream-Id": "s-1" });
    send(response, message("One"), 1);
    response.write(": the last\n\n", () => response.destroy());
  };
  server.answers["GET streams/s-1"] = (response) => response.writeHead(403, { "Content-Type": "application/problem+json" }).end('{"status":403,"code":"x","message":"Not any more"}');
  await open();
  await ask("Count");
  await browser.until(() => $(".notice").textContent.endsWith("Reconnecting…"));
  assert.equal((await answered()).state, "incomplete");

  assert.equal(await text(".note"), "Not any more");
  assert.equal(await browser.run(() => $(".notice").hidden), true);
});

/** Has an answer come, or only begin to, and the page loaded again. */
async function reloadWhileAnswering(...events) {
  server.answers["POST chat-messages"] = (response) => {
    begin(response, { "Dify-Stream-Id": "s-1" });
    events.forEach((event, i) => send(response, event, i + 1));
    response.write(": it has begun\n\n");
  };
  await open();
  await browser.run(() => {
    const { fetch } = window;
    window.fetch = async (...request) => {
      const response = await fetch(...request);
      window.begun = response.url.endsWith("chat-messages");
      return response;
    };
  });
  await ask("My secret");
  await browser.until(() => window.begun);
  if (events.length > 0) {
    await exists(".content p");
  }
  await browser.reload();
}

const problem = (response, status, code) => response.writeHead(status, { "Content-Type": "application/problem+json" }).end(JSON.stringify({ status, code, message: code }));
const notFound = (response) => problem(response, 404, "not_found");

for (const [when, events] of [["while", [message("One")]], ["before", []]]) {
  test(`shows the tab's next user nothing of who was here ${when} an answer came`, async () => {
    server.answers["GET messages"] = notFound;
    let asked;
    const resumed = new Promise((resolve) => (asked = resolve));
    server.answers["GET streams/s-1"] = (response) => asked(response);
    await reloadWhileAnswering(...events);
    if (events.length === 0) {
      const response = await resumed;
      await ready();
      assert.ok(!(await text(".log")).includes("My secret"));
      notFound(response);
    } else {
      await ready();
    }
    await browser.until(() => $(".welcome") !== null && $("[part=stop]").hidden);

    assert.ok(!(await text(".panel")).includes("My secret"));
    assert.equal(await browser.run(() => $$(".retry, .question, .answer").length), 0);
    assert.equal(server.asked("GET", "streams/s-1").length, events.length === 0 ? 1 : 0);
    assert.ok(!(await browser.run(() => JSON.stringify({ ...sessionStorage }))).includes("My secret"));
    server.answers["POST chat-messages"] = (response) => stream(response, [message("Yes"), end()]);
    await ask("Mine");
    assert.equal((await answered()).state, "done");
  });
}

test("shows the question above its answer once that goes on", async () => {
  let running;
  server.answers["GET streams/s-1"] = (response) => {
    running = response;
    begin(response, { "Dify-Stream-Id": "s-1" });
    response.write(": nothing yet\n\n");
  };
  await reloadWhileAnswering();
  await ready();
  assert.equal(await text(".question"), null);
  send(running, message("One"), 1);
  await exists(".content p");
  assert.deepEqual(await browser.run(() => $$(".log > *").map(({ className }) => className)), ["question", "answer"]);
  assert.equal(await text(".question"), "My secret");
  send(running, end(), 2);
  running.end();
  assert.equal((await answered()).text, "One");
});

for (const whose of ["theirs", "another's"]) {
  test(`goes on with an answer where the history cannot be had, if it is ${whose}`, async () => {
    server.answers["GET messages"] = (response) => problem(response, 503, "upstream_unavailable");
    server.answers["GET streams/s-1"] = (response) => (whose === "theirs" ? stream(response, [message("One two"), end()]) : problem(response, 403, "forbidden"));
    await reloadWhileAnswering(message("One"));
    await ready();

    if (whose === "theirs") {
      assert.equal((await answered()).text, "One two");
      assert.deepEqual([await text(".question"), await browser.run(() => chat().conversationId)], ["My secret", "c-1"]);
    } else {
      await exists(".welcome");
      assert.deepEqual([await text(".question"), await text(".notice")], [null, "forbidden"]);
      assert.equal(await browser.run(() => chat().conversationId), "");
    }
  });
}

test("stops once, however often that is clicked", async () => {
  let running;
  server.answers["POST chat-messages"] = (response) => {
    running = response;
    begin(response);
    send(response, message("One"), 1);
  };
  await open();
  await ask("Count");
  await exists(".content p");
  for (let i = 0; i < 3; i++) {
    await browser.click("[part=stop]");
  }
  send(running, end(), 2);
  running.end();
  assert.equal((await answered()).state, "stopped");
  assert.equal(server.asked("POST", "chat-messages/t-1/stop").length, 1);
});

test("says what went wrong with an answer of before", async () => {
  const question = { query: "Old question", feedback: null };
  server.answers["GET conversations"] = { data: [{ id: "c-1", name: "First", updated_at: 1 }], has_more: false };
  server.answers["GET messages"] = {
    data: [{ ...question, id: "m-1", answer: "", error: "No credit" }, { ...question, id: "m-2", answer: "Old answer", error: null }, { ...question, id: "m-3", answer: "Half an", error: "No <b>credit" }],
    has_more: false,
  };
  await open();
  await browser.click("header button");
  await browser.click(".entry .open");
  await browser.until(() => $$(".answer").length === 3);

  assert.deepEqual(await browser.run(() => $$(".answer").map(({ dataset }) => dataset.state)), ["incomplete", "done", "incomplete"]);
  assert.deepEqual(await browser.run(() => $$(".note").map(({ textContent }) => textContent)), ["No credit", "No <b>credit"]);
  // What it was asked with is not known any more.
  assert.equal(await browser.run(() => $$(".retry").length), 0);
});

test("begins a new conversation with the app's form, also before it has come", async () => {
  server.answers["GET messages"] = { data: [{ id: "m-1", query: "Old question", answer: "Old answer", feedback: null }], has_more: false };
  await open();
  await ask("One");
  await answered();
  let give;
  server.answers["GET parameters"] = (response) => (give = () => response.setHeader("Content-Type", "application/json").end('{"user_input_form":[{"text-input":{"variable":"customer","label":"Customer","required":true}}]}'));
  await browser.reload();
  await browser.click("header button:nth-of-type(2)");
  assert.equal(await browser.run(() => chat().ask("Two")), true);
  give();
  await ready();

  assert.equal((await fired("ready")).length, 1);
  assert.equal((await fired("message")).length, 0);
  assert.equal(await browser.run(() => $("#question").value), "Two");
  await browser.type("[name=customer]", "Linden");
  await browser.click("[part=send]");
  await answered();
  const { inputs, conversation_id } = JSON.parse(server.asked("POST", "chat-messages")[1].body);
  assert.deepEqual([inputs, conversation_id], [{ customer: "Linden" }, ""]);
});

test("opens the conversation that is chosen before the app has said how to begin", async () => {
  server.answers["GET conversations"] = { data: [{ id: "c-1", name: "First", updated_at: 1 }] };
  server.answers["GET messages"] = { data: [{ id: "m-1", query: "Old question", answer: "Old answer", feedback: null }] };
  await open();
  let give;
  server.answers["GET parameters"] = (response) => (give = () => response.setHeader("Content-Type", "application/json").end("{}"));
  await browser.reload();
  await browser.click("header button");
  await browser.click(".entry .open");
  await browser.until(() => $(".history").hidden);
  give();
  await ready();

  assert.equal(await text(".content"), "Old answer");
  assert.equal((await fired("ready")).length, 1);
});

test("does nothing as long as it is not on a page", async () => {
  await open();
  const done = await browser.run(() => {
    const apart = document.createElement("dify-chat");
    apart.stop();
    apart.begin();
    return [apart.ask("One"), apart.hasAttribute("open")];
  });
  assert.deepEqual(done, [false, false]);
});
