import { FileReference } from "./dify-api.js";
import { Conversation, ConversationOptions, ConversationState } from "./dify-conversation.js";

export { ChatMessage, ConversationOptions, ConversationState, DifyApi, DifyError } from "./dify-conversation.js";

export interface DifyChat extends ConversationState {
  send(query: string, more?: { inputs?: Record<string, any>; files?: FileReference[] }): Promise<void>;
  stop(): Promise<void>;
  retry(): Promise<void>;
  open(conversationId?: string): Promise<void>;
}

/**
 * A conversation for a component, React 18 or 19. Another `app` or `base` begins another conversation; the other options are those
 * of the first render. Unmounting ends the answer that is running; StrictMode's mount, unmount and mount again is one mount.
 */
export function useDifyChat(options?: ConversationOptions): DifyChat;
