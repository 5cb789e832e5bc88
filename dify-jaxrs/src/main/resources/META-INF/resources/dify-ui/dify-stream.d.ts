/** Why there is no answer, or no more of one. */
export class DifyError extends Error {
  constructor(status: number, code: string, message: string, more?: { retryAfter?: number; retryable?: boolean; cause?: unknown });
  name: "DifyError";
  /** Of HTTP; 0 where the server was not reached, or has named none. */
  readonly status: number;
  /**
   * A stable name to decide by: the server's own (`quota_exceeded`, `upstream_timeout`, `shutting_down` …), or one of
   * `unreachable` (no answer at all), `truncated` (the answer broke off and cannot be taken up again), `gone` (it can be no longer:
   * load the history), `login_required` (a page instead of an answer), `malformed`, `busy`, `refused` and `closed` (sockets),
   * `workflow_failed`, and `http_404` and the like (a status and nothing more).
   */
  readonly code: string;
  /** Seconds until another attempt makes sense, where the server says so. */
  readonly retryAfter?: number;
  /** Whether asking again may help. */
  readonly retryable: boolean;
}

/** One event of Dify's stream as it came; kinds that are not listed here are passed on too. */
export type DifyEvent =
  | MessageEvent
  | MessageEndEvent
  | WorkflowFinishedEvent
  | HumanInputEvent
  | { event: string; [field: string]: any };

interface EventFields {
  task_id?: string;
  message_id?: string;
  conversation_id?: string;
  workflow_run_id?: string;
  created_at?: number;
}

/**
 * A piece of the answer. `agent_message` and `message` are appended, except that a `message` after `agent_message`s repeats the
 * whole answer and replaces it; `message_replace` replaces it always. Blanks and line ends count.
 */
export interface MessageEvent extends EventFields {
  event: "message" | "agent_message" | "message_replace";
  task_id: string;
  message_id: string;
  answer: string;
}

export interface MessageEndEvent extends EventFields {
  event: "message_end";
  task_id: string;
  message_id: string;
  metadata?: { usage?: Record<string, any>; retriever_resources?: Source[]; [field: string]: any };
  files?: any[];
}

export interface WorkflowFinishedEvent extends EventFields {
  event: "workflow_finished";
  data: { status: "succeeded" | "partial-succeeded" | "failed" | "stopped" | string; outputs?: Record<string, any> | null; error?: string | null; [field: string]: any };
}

/** Somebody has to fill in a form before the run goes on; the stream ends with `workflow_paused`. */
export interface HumanInputEvent extends EventFields {
  event: "human_input_required";
  data: { form_token?: string | null; [field: string]: any };
}

/** Where an answer comes from. */
export interface Source {
  position?: number;
  dataset_name?: string;
  document_name?: string;
  content?: string;
  score?: number;
  [field: string]: any;
}

export interface StreamOptions {
  /** Ends the stream: the iterator then throws the signal's reason, as fetch does. */
  signal?: AbortSignal;
  /** More headers, such as the CSRF token of the page's own application. */
  headers?: Record<string, string>;
  /** In place of the global one. */
  fetch?: typeof fetch;
  /** `false` for a server that cannot resume; default `true`. */
  resume?: boolean;
  /** Milliseconds without any byte after which the connection counts as broken; default 35000, more than three heartbeats. */
  silence?: number;
  /** The connection broke and is being taken up again, for the `attempt`th time in a row. */
  onReconnect?: (attempt: number) => void;
}

/** An answer as it comes. Whoever leaves the loop leaves the connection. */
export interface DifyStream extends AsyncIterableIterator<DifyEvent> {
  /** Where the stream can be taken up again, also after a reload of the page; empty until the head came, and where it cannot. */
  readonly resumeUrl: string;
  /** The id of the last event taken; with `resumeUrl` all that `resumeDify` needs. */
  readonly lastEventId: string;
}

/**
 * Posts `body` to a streaming endpoint and gives the events of its answer as they come. Nothing is sent before the first `next()`, and never
 * twice: what breaks is taken up by `GET {base}/{app}/streams/{id}`, at most 3 times in a row, after 1 to 8 s, at once when the browser is back online.
 *
 * @param url such as `/shop/dify/default/chat-messages`
 * @param body Dify's, such as `{query, inputs, conversation_id}`; `response_mode` and an empty `inputs` are added
 * @throws DifyError from the iterator: a refusal, an `error` event, or an end that was none
 */
export function streamDify(url: string | URL, body: Record<string, any>, options?: StreamOptions): DifyStream;

/**
 * Takes up a stream that broke or was left, behind `lastEventId`; from its beginning if that is empty or missing.
 *
 * @throws DifyError from the iterator; `gone` if the server no longer has it: the history has what there is
 */
export function resumeDify(resumeUrl: string, lastEventId?: string, options?: StreamOptions): DifyStream;

/** The error that a response other than the expected one stands for: JSON, HTML or nothing at all. */
export function refusal(response: Response): Promise<DifyError>;

/** The same for the members of a problem, of an `error` event or of a socket's error frame. */
export function failure(members: Record<string, any>): DifyError;

/** The events in a stream of text, by the rules of the HTML standard. */
export class SseDecoder {
  /** The last `retry` seen, in milliseconds. */
  retry?: number;
  /** Takes the next piece, cut anywhere, and returns the events it completes; an `id` counts until the next one. */
  decode(text: string): { event: string; data: string; id: string }[];
}
