import { DifyError } from "./dify-stream.js";

/** A text for each plural of the page's language, as Intl.PluralRules has them; `{n}` is the number. */
export interface Plurals {
  other: string;
  zero?: string;
  one?: string;
  two?: string;
  few?: string;
  many?: string;
}

/** What the chat says; names in braces are filled in. All are in docs/chat-element.md. */
export interface ChatTexts {
  /** By the code of a DifyError. */
  errors?: Record<string, string>;
  steps?: Plurals;
  sources?: Plurals;
  tooMany?: Plurals;
  [name: string]: string | Plurals | Record<string, string> | undefined;
}

/** Somebody has said something; an answer is told when it is over. */
export interface ChatMessageDetail {
  role: "user" | "assistant";
  text: string;
  /** Of an answer. */
  state?: "done" | "stopped" | "incomplete" | "paused";
  messageId?: string;
  conversationId?: string;
}

/** `<dify-chat>`. Importing this module defines it. */
export class DifyChat extends HTMLElement {
  /** Sent with every question: what the page is about. Fields of the app's form that are given here are not asked for. */
  inputs: Record<string, any>;
  /** What it says, where that is other than English; what is missing stays English. Read, it is all of it. */
  texts: ChatTexts;
  /** More headers on each request, such as the CSRF token of the page's application. */
  headers: Record<string, string> | (() => Record<string, string>);
  /** Draws answers in place of the Markdown here: called at most once a frame with all of the text so far. */
  renderer: ((text: string, element: HTMLElement) => void) | null;
  /** Dify's; empty before the first answer. */
  readonly conversationId: string;
  /** Of the place in the page where it stands, such as `de-AT`. */
  readonly language: string;
  /** Asks as if it had been typed. Returns whether it was sent: not while something is being answered or is missing, or this is on no page. */
  ask(query: string): boolean;
  /** Stops the answer that is running, if there is one; what came of it stays. */
  stop(): void;
  /** Begins a new conversation; an answer that is running is stopped. */
  begin(): void;
  /** Opens the floating chat. */
  open(): void;
  /** Closes the floating chat; an answer that is running goes on. */
  close(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "dify-chat": DifyChat;
  }
  interface HTMLElementEventMap {
    "dify-ready": CustomEvent<null>;
    "dify-open": CustomEvent<null>;
    "dify-close": CustomEvent<null>;
    "dify-message": CustomEvent<ChatMessageDetail>;
    "dify-error": CustomEvent<{ error: DifyError }>;
  }
}
