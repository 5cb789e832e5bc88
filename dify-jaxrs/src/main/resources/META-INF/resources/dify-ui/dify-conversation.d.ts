import { ApiOptions, DifyApi, FileReference } from "./dify-api.js";
import { DifyError } from "./dify-stream.js";
import { DifyEvent, Source } from "./dify-stream.js";

export { DifyApi, DifyError };

/** What somebody said. A message that changes is another object. */
export interface ChatMessage {
  /** Unique on this page. */
  readonly key: string;
  readonly role: "user" | "assistant";
  readonly text: string;
  /** Of an answer; a question is `done`. `incomplete` broke off, and `error` tells why. `paused` waits for a human. */
  readonly state: "streaming" | "done" | "stopped" | "incomplete" | "paused";
  /** Dify's, for ratings and suggestions. */
  readonly messageId?: string;
  readonly sources?: readonly Source[];
  readonly error?: DifyError;
  readonly files?: readonly FileReference[];
}

export interface ConversationState {
  readonly messages: readonly ChatMessage[];
  /** `ready` for a question, `submitted` until the first event, then `streaming`; `error` is ready too. */
  readonly status: "ready" | "submitted" | "streaming" | "error";
  readonly error?: DifyError;
  readonly conversationId: string;
}

export interface ConversationOptions extends ApiOptions {
  /** In place of the options of one. */
  api?: DifyApi;
  conversationId?: string;
  /** Sent with every question. */
  inputs?: Record<string, any>;
}

/** What the events of one answer amount to. */
export class Answer {
  readonly text: string;
  /** Names the run for `DifyApi.stop`; empty until the first event. */
  readonly taskId: string;
  readonly messageId: string;
  readonly conversationId: string;
  readonly sources: readonly Source[];
  readonly state: "streaming" | "done" | "stopped" | "incomplete" | "paused";
  /** Why a run failed that has said so itself. */
  readonly error?: DifyError;
  take(event: DifyEvent): void;
}

/** A conversation without any user interface: for a framework's store, or a page's own view. */
export class Conversation {
  constructor(options?: ConversationOptions);
  readonly api: DifyApi;
  /** The present state; another object whenever something has changed. */
  readonly state: ConversationState;
  /** Calls back after each change. @returns what ends that */
  subscribe(changed: () => void): () => void;
  /**
   * Asks. Resolves when the answer is over, however; never rejects. While an answer is running nothing is sent: the result is that one's.
   */
  send(query: string, more?: { inputs?: Record<string, any>; files?: FileReference[] }): Promise<void>;
  /** Stops the answer at Dify; what came of it stays. */
  stop(): Promise<void>;
  /** Asks the last question again, in place of its answer. */
  retry(): Promise<void>;
  /** Loads another conversation's history; none begins a new one. */
  open(conversationId?: string): Promise<void>;
  /** Ends it: an answer that is running is left and stopped. */
  close(): void;
}
