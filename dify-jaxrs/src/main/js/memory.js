/** Where a tab goes on after a reload; where its storage is blocked or full, nowhere. */
export class Memory {
  #key;

  /** What the page is about belongs to a conversation from its beginning on: another order, another conversation. */
  constructor({ api, inputs }) {
    this.#key = `dify-chat ${api.url("")} ${JSON.stringify(inputs)}`;
  }

  /** The conversation, and what of it is running: its question, where it is taken up, its message. */
  get() {
    let known = null;
    try {
      known = JSON.parse(sessionStorage.getItem(this.#key));
    } catch {
      // Then it begins anew.
    }
    return { conversationId: "", running: null, ...known };
  }

  set(conversationId, running) {
    try {
      // First: what was so before must not stay where there is no room for what is so now.
      sessionStorage.removeItem(this.#key);
      sessionStorage.setItem(this.#key, JSON.stringify({ conversationId, running }));
    } catch {
      // Then a reload begins anew.
    }
  }
}
