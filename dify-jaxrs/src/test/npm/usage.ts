// Compiled, never run: the declarations say what the kit does.
import { DifyApi, fileReference } from "dify-jakarta/api";
import { DifyChat } from "dify-jakarta/chat";
import { Answer, Conversation } from "dify-jakarta/conversation";
import { useDifyChat } from "dify-jakarta/react";
import { DifySocket } from "dify-jakarta/socket";
import { DifyError, resumeDify, streamDify } from "dify-jakarta/stream";
import { SseDecoder } from "dify-jakarta/dify-stream.js";

export async function stream(): Promise<string> {
  let text = "";
  const control = new AbortController();
  const answer = streamDify("dify/default/chat-messages", { query: "Where?" }, { signal: control.signal, onReconnect: (n: number) => n });
  try {
    for await (const event of answer) {
      if (event.event === "message") {
        text += event.answer;
      }
    }
  } catch (error) {
    if (error instanceof DifyError && error.retryable) {
      const wait: number | undefined = error.retryAfter;
      text += `${error.status} ${error.code} ${wait}`;
    }
  }
  for await (const event of resumeDify(answer.resumeUrl, answer.lastEventId)) {
    text += event.event;
  }
  return text + new SseDecoder().decode("data: x\n\n")[0].data;
}

export async function rest(file: File): Promise<string[]> {
  const api = new DifyApi({ app: "sales", base: "/shop/dify", headers: () => ({ "X-CSRF": "token" }) });
  const uploaded = await api.upload(file, { onProgress: (share) => share.toFixed(2) });
  for await (const event of api.ask({ query: "What is that?", files: [fileReference(uploaded)] })) {
    if (event.event === "message_end") {
      await api.rate(event.message_id, "like");
      return api.suggested(event.message_id);
    }
  }
  const page = await api.conversations({ limit: 5, signal: AbortSignal.timeout(1000) });
  await api.stop("t1", "workflows/tasks");
  return page.data.map(({ name }) => name);
}

export async function socket(): Promise<string> {
  const chat = new DifySocket("/shop/dify-ws/default", { onState: (state) => state === "open" });
  let text = "";
  for await (const frame of chat.ask("Where?")) {
    if (frame.type === "chunk") {
      text += frame.content;
    }
  }
  return text;
}

export function Chat(): string {
  const { messages, status, send, stop, retry, error } = useDifyChat({ app: "sales" });
  if (status === "ready") {
    void send("Where?").then(stop).then(retry);
  }
  return messages.map((message) => message.text).join() + error?.code;
}

export function element(page: Document): DifyChat {
  const chat = page.createElement("dify-chat");
  chat.texts = { title: "Assistent", sources: { one: "eine Quelle", other: "{n} Quellen" } };
  chat.inputs = { order: 1048 };
  chat.headers = () => ({ "X-CSRF": "token" });
  chat.addEventListener("dify-message", ({ detail }) => detail.role === "user" && chat.stop());
  // @ts-expect-error: Dify gives it
  chat.conversationId = "c1";
  return chat;
}

export function plain(): string {
  const conversation = new Conversation({ conversationId: "c1" });
  conversation.subscribe(() => conversation.state.status)();
  new Answer().take({ event: "message", task_id: "t1", message_id: "m1", answer: "x" });
  // @ts-expect-error: a state is read, not written
  conversation.state.status = "ready";
  return conversation.state.conversationId;
}
