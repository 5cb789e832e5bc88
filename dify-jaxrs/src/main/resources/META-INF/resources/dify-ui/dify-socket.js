import { DifyError, failure, onWaking, pause } from "./dify-stream.js";

export { DifyError };

const ATTEMPTS = 5;
/** Milliseconds that a server may take to say that it is still there. */
const PATIENCE = 5000;

export class DifySocket {
  state = "idle";
  conversationId;
  #url;
  #options;
  #socket;
  #connected;
  /** Runs while the server is to say that it is still there. */
  #probing;
  #answer;
  #busy = false;
  /** In a row; a connection that brought a frame was none. */
  #failures = 0;
  #closing = new AbortController();

  constructor(url, { conversationId = "", ...options } = {}) {
    this.#url = new URL(url, globalThis.document?.baseURI);
    this.#url.protocol = this.#url.protocol.replace("http", "ws");
    this.#options = options;
    this.conversationId = conversationId;
  }

  async *ask(query, { inputs = {}, signal, ...more } = {}) {
    if (this.#busy) {
      throw new DifyError(409, "busy", "The answer before is still coming.");
    }
    this.#busy = true;
    const over = new AbortController();
    const aborted = whenAborted(signal, over.signal);
    let answer;
    try {
      // What an answer that was left still brings must not be taken for a part of this one.
      await Promise.race([this.#answer?.over, aborted]);
      await Promise.race([this.connect(), aborted]);
      answer = this.#answer = new Answer(this.conversationId);
      this.#socket.send(JSON.stringify({ query, inputs, conversation_id: this.conversationId, ...more }));
      for (let frame; frame?.type !== "done"; ) {
        frame = await Promise.race([answer.next(), aborted]);
        if (frame.type === "error") {
          throw failure(frame);
        }
        yield frame;
      }
    } finally {
      over.abort();
      this.#busy = false;
      if (answer && answer === this.#answer) {
        this.stop();
      }
    }
  }

  connect() {
    return this.#connect();
  }

  stop() {
    if (this.#answer) {
      this.#socket.send('{"type":"stop"}');
    }
  }

  close() {
    this.#change("closed");
    this.#probed();
    this.#closing.abort();
    this.#socket?.close(1000);
  }

  #connect(closed) {
    this.#connected ??= this.#dial(closed).catch((error) => {
      this.#connected = undefined;
      this.#failures = 0;
      this.#change("failed");
      throw error;
    });
    return this.#connected;
  }

  /** @param closed how the connection before ended, if there was one */
  async #dial(closed) {
    for (;;) {
      if (closed && this.state !== "closed") {
        this.#judge(closed);
        this.#change("waiting");
        // By chance: not all browsers come back to a restarted server at once.
        const longest = Math.min(2 ** this.#failures, 30);
        await pause(1000 * (1 + Math.random() * (longest - 1)), this.#closing.signal);
      }
      if (this.state === "closed") {
        throw new DifyError(0, "closed", "The chat was closed.", { retryable: false });
      }
      this.#change("connecting");
      closed = await this.#open();
      if (!closed) {
        return;
      }
    }
  }

  /** Throws where another attempt makes no sense: a policy of the server's, or too many that failed. */
  #judge({ code, reason }) {
    if (code === 1008 || code >= 4000) {
      throw new DifyError(0, "refused", reason || "The server has closed the chat.", { retryable: false });
    }
    if (++this.#failures > ATTEMPTS) {
      throw new DifyError(0, "unreachable", "The server cannot be reached.");
    }
  }

  /** Resolves to nothing when it is open, to the close event if it never was. */
  #open() {
    return new Promise((resolve) => {
      const { WebSocket = globalThis.WebSocket } = this.#options;
      const socket = (this.#socket = new WebSocket(this.#url));
      socket.onclose = resolve;
      socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
      socket.onopen = () => {
        const closed = new AbortController();
        socket.onclose = (event) => {
          closed.abort();
          this.#lose(event);
        };
        onWaking(closed.signal, () => this.#probe(socket));
        this.#change("open");
        resolve();
      };
    });
  }

  /** After a sleep or in another network a connection may be dead without a word. */
  #probe(socket) {
    if (this.#probing) {
      return;
    }
    this.#probing = setTimeout(() => {
      socket.onclose({ code: 1006 });
      socket.onclose = socket.onmessage = null;
      socket.close();
    }, PATIENCE);
    socket.send('{"type":"ping"}');
  }

  #probed() {
    clearTimeout(this.#probing);
    this.#probing = undefined;
  }

  #take(frame) {
    const answer = this.#answer;
    this.#probed();
    this.#failures = 0;
    if (frame.type === "pong") {
      return;
    }
    answer?.put(frame);
    if (frame.type === "done" || frame.type === "error") {
      this.#answer = undefined;
    }
    // Unless the page has gone to another conversation meanwhile.
    if (answer?.conversationId === this.conversationId) {
      this.conversationId = frame.conversation_id || this.conversationId;
    }
  }

  #lose(closed) {
    this.#probed();
    this.#answer?.put({ type: "error", status: 0, code: "truncated", message: "The answer broke off." });
    this.#answer = undefined;
    this.#connected = undefined;
    if (closed.code === 1000) {
      this.#change("idle");
    } else {
      // The state tells how that went, and so does the next question.
      this.#connect(closed).catch(() => {});
    }
  }

  #change(state) {
    if (this.state !== "closed") {
      this.state = state;
      this.#options.onState?.(state, this);
    }
  }
}

/** The frames of one answer, on their way to whoever reads them. */
class Answer {
  #frames = [];
  #wake = () => {};
  #end;
  over = new Promise((resolve) => (this.#end = resolve));

  constructor(conversationId) {
    this.conversationId = conversationId;
  }

  put(frame) {
    this.#frames.push(frame);
    this.#wake();
    if (frame.type === "done" || frame.type === "error") {
      this.#end();
    }
  }

  async next() {
    while (this.#frames.length === 0) {
      await new Promise((resolve) => (this.#wake = resolve));
    }
    return this.#frames.shift();
  }
}

/** Rejects then, and never resolves. Nobody listens any more once it is over. */
function whenAborted(signal, over) {
  const aborted = new Promise((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal?.aborted) {
      abort();
    }
    signal?.addEventListener("abort", abort, { once: true, signal: over });
  });
  aborted.catch(() => {});
  return aborted;
}
