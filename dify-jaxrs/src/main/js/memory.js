/** Where a tab goes on after a reload. */
export class Memory {
  #key;

  /** What the page is about belongs to a conversation from its beginning on: another order, another conversation. */
  constructor({ api, inputs }) {
    this.#key = `dify-chat ${api.url("")} ${JSON.stringify(inputs)}`;
  }

  /** The conversation, and what of it is running: its question, where it is taken up, its message. */
  get() {
    return { conversationId: "", running: null, ...JSON.parse(sessionStorage.getItem(this.#key)) };
  }

  set(conversationId, running) {
    sessionStorage.setItem(this.#key, JSON.stringify({ conversationId, running }));
  }
}
