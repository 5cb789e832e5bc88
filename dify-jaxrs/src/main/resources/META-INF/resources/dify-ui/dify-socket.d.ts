import { DifyError } from "./dify-stream.js";

export { DifyError };

export interface SocketOptions {
  /** Where a conversation goes on. */
  conversationId?: string;
  /** In place of the global one. */
  WebSocket?: typeof WebSocket;
  /** The state has changed. */
  onState?: (state: SocketState, socket: DifySocket) => void;
}

/** `idle` before the first question; `failed` when it has given up: the next question tries anew. */
export type SocketState = "idle" | "connecting" | "open" | "waiting" | "failed" | "closed";

export type AnswerFrame =
  | { type: "start"; task_id?: string; [field: string]: any }
  | { type: "chunk"; content: string }
  /** All of the answer so far was taken back for this. */
  | { type: "replace"; content: string }
  | { type: "done"; full_answer: string; conversation_id: string; message_id?: string; usage?: Record<string, any>; paused?: boolean; [field: string]: any }
  | { type: string; [field: string]: any };

/**
 * A chat over one WebSocket, `{ctx}/dify-ws/{app}`. Connects with the first question. A connection that breaks is taken up again by
 * itself, at most 5 times in a row, after 1 to 30 s by chance, unless the server has closed it for good (1008, or 4000 and above);
 * the conversation goes on where it was. An answer that broke is not asked for again.
 */
export class DifySocket {
  /**
   * @param url such as `/shop/dify-ws/default`; http and https become ws and wss. Not with `?events=verbatim`, which is for clients
   *   of their own: its frames are Dify's events, not those here
   */
  constructor(url: string | URL, options?: SocketOptions);
  readonly state: SocketState;
  /** Of the last answer; set it to go on with another one, empty for a new one. */
  conversationId: string;
  /**
   * Asks and gives the frames of the answer up to `done`. One question at a time. Leaving the loop, or the signal, stops the
   * answer at the server.
   *
   * @throws DifyError from the iterator: an `error` frame, `busy`, `truncated` when the connection broke, `unreachable`
   */
  ask(query: string, options?: { inputs?: Record<string, any>; signal?: AbortSignal; [field: string]: any }): AsyncIterableIterator<AnswerFrame>;
  /** Connects ahead of the first question. Rejects with a DifyError when it gives up. */
  connect(): Promise<void>;
  /** Stops the answer that is running; it then ends by itself. */
  stop(): void;
  /** Ends it for good. */
  close(): void;
}
