import { DifyError, DifyStream, Source, StreamOptions } from "./dify-stream.js";

export { DifyError };

export interface ApiOptions {
  /** As in `dify.apps`; default `"default"`. */
  app?: string;
  /**
   * Where the endpoints are, such as `/shop/dify`; default: `dify` beside the directory this module was loaded from, and in a bundle
   * beside the page.
   */
  base?: string | URL;
  /** More headers on each request, such as the CSRF token of the page's own application; as a function asked each time. */
  headers?: Record<string, string> | (() => Record<string, string>);
  fetch?: typeof fetch;
}

export interface Call {
  signal?: AbortSignal;
}

/** What is asked. */
export interface Question {
  query: string;
  inputs?: Record<string, any>;
  conversation_id?: string;
  files?: FileReference[];
  [field: string]: any;
}

export interface FileReference {
  type: "image" | "document" | "audio" | "video" | "custom";
  transfer_method: "local_file" | "remote_url";
  upload_file_id?: string;
  url?: string;
}

export interface Page<T> {
  data: T[];
  has_more: boolean;
  limit: number;
}

export interface ConversationEntry {
  id: string;
  name: string;
  inputs: Record<string, any>;
  status: string;
  introduction?: string;
  /** Seconds since 1970. */
  created_at: number;
  updated_at: number;
}

export interface HistoryMessage {
  id: string;
  conversation_id: string;
  query: string;
  answer: string;
  inputs: Record<string, any>;
  feedback: { rating: "like" | "dislike" } | null;
  retriever_resources?: Source[];
  message_files?: any[];
  agent_thoughts?: any[];
  status: string;
  error: string | null;
  created_at: number;
  [field: string]: any;
}

/** One field of the form that an app asks to be filled in first: one key, its kind. */
export type InputField = Record<
  "text-input" | "paragraph" | "select" | "number" | "checkbox" | "file" | "file-list" | string,
  { label: string; variable: string; required: boolean; default?: any; options?: string[]; max_length?: number; [field: string]: any }
>;

export interface Parameters {
  opening_statement?: string | null;
  suggested_questions?: string[];
  suggested_questions_after_answer?: { enabled: boolean };
  speech_to_text?: { enabled: boolean };
  text_to_speech?: { enabled: boolean; [field: string]: any };
  retriever_resource?: { enabled: boolean };
  user_input_form?: InputField[];
  file_upload?: {
    enabled?: boolean;
    allowed_file_types?: string[];
    allowed_file_extensions?: string[];
    allowed_file_upload_methods?: string[];
    number_limits?: number;
    [field: string]: any;
  };
  /** Sizes in MiB. */
  system_parameters?: Record<string, number>;
  [field: string]: any;
}

export interface UploadedFile {
  id: string;
  name: string;
  size: number;
  extension: string | null;
  mime_type: string | null;
  [field: string]: any;
}

export interface UploadOptions extends Call {
  /** The share that is on its way, 0 to 1; 1 is told when the server has it all. */
  onProgress?: (share: number) => void;
}

export interface HumanForm {
  form_content: string;
  inputs: any[];
  user_actions: { id: string; title: string; button_style?: string }[];
  expiration_time?: number;
  [field: string]: any;
}

/**
 * One Dify app behind the endpoints of the page's own server, as the user who is logged in there. All methods reject with a
 * {@link DifyError}, or with the signal's reason. The documents are Dify's.
 */
export class DifyApi {
  constructor(options?: ApiOptions);
  readonly app: string;
  /** The address of an endpoint of this app, such as `url("parameters")`. */
  url(path: string): string;

  /** Asks a chat, agent or chatflow app. */
  ask(question: Question, options?: StreamOptions): DifyStream;
  /** Runs a completion app. */
  complete(inputs: Record<string, any>, options?: StreamOptions): DifyStream;
  /** Runs a workflow app. */
  run(inputs: Record<string, any>, options?: StreamOptions): DifyStream;
  /** Takes up an answer that was left, such as after a reload. See `resumeDify`. */
  resume(resumeUrl: string, lastEventId?: string, options?: StreamOptions): DifyStream;
  /**
   * Stops a run. Its stream goes on and ends by itself, soon.
   *
   * @param kind the endpoint that began it; default `"chat-messages"`
   */
  stop(taskId: string, kind?: "chat-messages" | "completion-messages" | "workflows/tasks"): Promise<void>;

  /** The newest first; the next page begins behind `lastId`. */
  conversations(page?: Call & { lastId?: string; limit?: number; sortBy?: string }): Promise<Page<ConversationEntry>>;
  /** Gives a conversation a name, or has Dify make one up where there is none. */
  rename(conversationId: string, name?: string, call?: Call): Promise<ConversationEntry>;
  /** Deletes a conversation. */
  remove(conversationId: string, call?: Call): Promise<void>;
  /** A page of a conversation, oldest first; the page before it ends in front of `firstId`. */
  messages(conversationId: string, page?: Call & { firstId?: string; limit?: number }): Promise<Page<HistoryMessage>>;
  /** Rates an answer; `null` takes that back. */
  rate(messageId: string, rating: "like" | "dislike" | null, comment?: string, call?: Call): Promise<void>;
  /** What to ask next; empty where the app has that switched off. A model makes them up, which takes seconds. */
  suggested(messageId: string, call?: Call): Promise<string[]>;
  /** What the app says of itself: opening, suggestions, its form, what may be uploaded. */
  parameters(call?: Call): Promise<Parameters>;
  info(call?: Call): Promise<Record<string, any>>;
  site(call?: Call): Promise<Record<string, any>>;
  /** What is left of the caller's limits. */
  quota(call?: Call): Promise<Record<string, any>>;
  /** Sends a file, to be named in a question's `files` by its id. An abort rejects with the signal's reason. */
  upload(file: File | Blob, options?: UploadOptions): Promise<UploadedFile>;
  /** The form of a `human_input_required`. */
  form(token: string, call?: Call): Promise<HumanForm>;
  /** Fills it in; the run goes on. */
  fillIn(token: string, action: string, inputs: Record<string, any>, call?: Call): Promise<void>;
}

/** How an uploaded file is named in a question. */
export function fileReference(uploaded: UploadedFile): FileReference;
