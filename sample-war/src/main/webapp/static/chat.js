/** The chat of chat.jsp: asks the endpoint named in the page, streams the answer into it, keeps the conversation. */
import { Answer, describe } from "./answer.js";
import { readEvents } from "./sse.js";

/** A stopped answer ends by itself; after this long its connection is closed. */
const STOP_PATIENCE_MS = 15000;

const byId = (id) => document.getElementById(id);
const log = byId("log");
const question = byId("question");
const send = byId("send");
const stop = byId("stop");
const newConversation = byId("new-conversation");
const status = byId("status");
const welcome = byId("welcome");
const endpoint = byId("chat").dataset.endpoint;

let conversationId = "";
let answer = null;
let connection = null;

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  if (answer === null && question.value.trim() !== "") {
    ask(question.value);
    question.value = "";
  }
});

question.addEventListener("keydown", (event) => {
  // Enter that ends the composition of an input method belongs to the input method.
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
});

stop.addEventListener("click", () => {
  answer.stopRequested = true;
  showButtons();
  question.focus();
  stopRun();
});

newConversation.addEventListener("click", () => {
  conversationId = "";
  log.replaceChildren(welcome);
  status.textContent = "New conversation.";
  question.focus();
});

async function ask(query) {
  welcome.remove();
  showQuestion(query);
  answer = new Answer(log);
  connection = new AbortController();
  status.textContent = "The assistant is answering.";
  showButtons();
  try {
    await stream(query);
  } catch (failure) {
    // The page shows the answer as incomplete or stopped; the reason is for the console.
    console.warn("The answer's stream failed:", failure);
  }
  answer.end();
  conversationId = answer.conversationId || conversationId;
  // Spoken once and whole: a screen reader could not keep up with the pieces.
  status.textContent = log.lastElementChild.textContent;
  answer = null;
  showButtons();
}

async function stream(query) {
  const body = { query, inputs: {}, response_mode: "streaming", conversation_id: conversationId };
  const response = await post(endpoint, body, "text/event-stream").catch((failure) => {
    if (!answer.stopRequested) {
      answer.finish("error", "The server cannot be reached.");
    }
    throw failure;
  });
  if (!contentType(response).startsWith("text/event-stream")) {
    answer.finish("error", await refusal(response));
    return;
  }
  for await (const { data } of readEvents(response.body)) {
    const unnamed = answer.taskId === "";
    answer.take(JSON.parse(data));
    if (unnamed && answer.taskId !== "" && answer.stopRequested) {
      stopRun();
    }
  }
}

/** Asks Dify to stop; before the first event there is no task to name, so stream() asks then. */
async function stopRun() {
  const running = connection;
  setTimeout(() => running.abort(), STOP_PATIENCE_MS);
  if (answer.taskId === "") {
    return;
  }
  const url = `${endpoint}/${encodeURIComponent(answer.taskId)}/stop`;
  const stopped = await post(url, {}, "application/json").then((response) => response.ok, () => false);
  if (!stopped) {
    // Whoever leaves is taken as one who stops.
    running.abort();
  }
}

function post(url, body, accept) {
  return fetch(url, {
    method: "POST",
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", Accept: accept, "X-Requested-With": "dify-chat" },
    body: JSON.stringify(body),
    signal: connection.signal,
  });
}

/** Why there is no stream: the endpoint's problem+json, or the application's login form instead of an answer. */
async function refusal(response) {
  if (contentType(response).includes("json")) {
    const wait = response.headers.get("Retry-After");
    return describe(await response.json()) + (wait === null ? "" : ` Try again in ${wait} seconds.`);
  }
  return response.ok
    ? "Your session has ended. Reload the page to log in again."
    : `The request failed. (${response.status})`;
}

function contentType(response) {
  return response.headers.get("Content-Type") ?? "";
}

function showQuestion(text) {
  const element = document.createElement("p");
  element.className = "question";
  element.textContent = text;
  log.append(element);
}

function showButtons() {
  const streaming = answer !== null;
  send.disabled = streaming;
  newConversation.disabled = streaming;
  stop.disabled = !streaming || answer.stopRequested;
}
