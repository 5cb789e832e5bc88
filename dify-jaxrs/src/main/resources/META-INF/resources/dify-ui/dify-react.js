import { useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Conversation } from "./dify-conversation.js";

export { DifyApi, DifyError } from "./dify-conversation.js";

/** Conversations whose component has gone, or is about to come back. */
const leaving = new WeakMap();

export function useDifyChat(options = {}) {
  const conversation = useConversation(options);
  useEffect(() => {
    clearTimeout(leaving.get(conversation));
    // Not at once: StrictMode unmounts and mounts again, and that must not end an answer.
    return () => void leaving.set(conversation, setTimeout(() => conversation.close()));
  }, [conversation]);
  const state = useSyncExternalStore(conversation.subscribe, snapshot(conversation), snapshot(conversation));
  const actions = useMemo(() => actionsOf(conversation), [conversation]);
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}

/** Another app is another conversation. Other options are new objects at each render and mean nothing by that. */
function useConversation(options) {
  const key = `${options.base} ${options.app}`;
  const [current, setCurrent] = useState(() => ({ key, conversation: new Conversation(options) }));
  if (current.key === key) {
    return current.conversation;
  }
  const next = { key, conversation: new Conversation(options) };
  setCurrent(next);
  return next.conversation;
}

function snapshot(conversation) {
  return () => conversation.state;
}

function actionsOf(conversation) {
  return {
    send: (query, more) => conversation.send(query, more),
    stop: () => conversation.stop(),
    retry: () => conversation.retry(),
    open: (conversationId) => conversation.open(conversationId),
  };
}
