export class DifyError extends Error {
  name = "DifyError";

  constructor(status, code, message, more) {
    super(message);
    Object.assign(this, { status, code, retryable: [0, 408, 429, 502, 503, 504].includes(status), ...more });
  }
}

/** From a problem, an error event or a socket's error frame. */
export function failure({ status = 500, code = `http_${status}`, detail, message = detail, retryable, retry_after }) {
  const more = { retryAfter: retry_after, ...(retryable !== undefined && { retryable }) };
  return new DifyError(status, code, message ?? `The request failed (${status}).`, more);
}

/** From a response: JSON, the HTML of whoever stands in between, or nothing at all. */
export async function refusal(response) {
  const { status } = response;
  if (response.ok) {
    // A form login answers with its page, and fetch has followed it there.
    return new DifyError(401, "login_required", "Please log in again.");
  }
  const after = response.headers.get("Retry-After");
  const seconds = /\D/.test(after ?? 0) ? (Date.parse(after) - Date.now()) / 1000 : after;
  const problem = await response.json().catch(() => null);
  return failure({ retry_after: seconds === null ? undefined : Math.max(0, Math.ceil(seconds) || 0), ...problem, status });
}

/** Events by the rules of the HTML standard, out of text that is cut anywhere. */
export class SseDecoder {
  #line = "";
  #id = "";
  #event = "";
  #data = [];
  #cr = false;

  decode(text) {
    const events = [];
    // The CR that ended the last piece has ended its line; this LF is the rest of that line end.
    const lines = (this.#cr ? text.replace(/^\n/, "") : text).split(/\r\n?|\n/);
    this.#cr = text ? text.endsWith("\r") : this.#cr;
    lines[0] = this.#line + lines[0];
    this.#line = lines.pop();
    for (const line of lines) {
      const [, name, value = ""] = /^([^:]*)(?:: ?(.*))?$/s.exec(line);
      if (line === "") {
        this.#end(events);
      } else if (name === "data") {
        this.#data.push(value);
      } else if (name === "event") {
        this.#event = value;
      } else if (name === "id" && !value.includes("\0")) {
        this.#id = value;
      } else if (name === "retry" && /^\d+$/.test(value)) {
        this.retry = Number(value);
      }
    }
    return events;
  }

  #end(events) {
    if (this.#data.length > 0) {
      events.push({ event: this.#event || "message", data: this.#data.join("\n"), id: this.#id });
    }
    this.#data = [];
    this.#event = "";
  }
}

/** After one of these an answer is whole. */
const ENDS = ["message_end", "workflow_finished", "workflow_paused"];

export function streamDify(url, body, options) {
  return start({ url, body: { inputs: {}, ...body, response_mode: "streaming" }, lastEventId: "", ...options });
}

export function resumeDify(resumeUrl, lastEventId = "", options) {
  return start({ resumeUrl, lastEventId, ...options });
}

function start(run) {
  return Object.defineProperties(events(run), {
    resumeUrl: { get: () => run.resumeUrl ?? "" },
    lastEventId: { get: () => run.lastEventId },
  });
}

/** Only the first connection may be a POST: a second one would be a second run, and a second bill. */
async function* events(run) {
  for (let attempt = 1; ; attempt++) {
    try {
      for await (const event of connection(run)) {
        attempt = 1;
        yield event;
      }
      return;
    } catch (error) {
      run.signal?.throwIfAborted();
      if (!error.lost || !run.resumeUrl || attempt > 3) {
        throw error;
      }
      run.body = undefined;
      run.onReconnect?.(attempt);
      // By chance: not all browsers come back to a restarted server at once.
      const seconds = Math.max(2 ** attempt * (0.5 + Math.random() / 2), error.retryAfter ?? 0, run.retry / 1000 || 0);
      await pause(Math.min(seconds, 30) * 1000, run.signal);
    }
  }
}

async function* connection(run) {
  const { signal, silence = 35_000 } = run;
  const control = new AbortController();
  const hangUp = () => control.abort();
  signal?.throwIfAborted();
  signal?.addEventListener("abort", hangUp, { signal: control.signal });
  let heard = Date.now();
  // After a sleep or in another network the connection may be dead without a word; a timer does not count the sleep.
  onWaking(control.signal, ({ type }) => {
    if (run.resumeUrl && (type === "online" || Date.now() - heard > silence)) {
      hangUp();
    }
  });
  let timer;
  try {
    const body = (await open(run, control.signal)).getReader();
    const utf8 = new TextDecoder();
    const decoder = new SseDecoder();
    let ended = false;
    for (;;) {
      // Runs only while we wait: a page that takes its time is not a silent server.
      timer = setTimeout(hangUp, silence);
      const { value, done } = await body.read().catch(() => ({ done: true }));
      clearTimeout(timer);
      heard = Date.now();
      if (done) {
        if (ended) {
          return;
        }
        throw new DifyError(0, "truncated", "The answer broke off.", { lost: true });
      }
      for (const { data, id } of decoder.decode(utf8.decode(value, { stream: true }))) {
        Object.assign(run, { lastEventId: id, retry: decoder.retry });
        const event = parse(data);
        if (event.event === "error" && !ended) {
          throw failure(event);
        }
        if (event.event !== "ping") {
          ended ||= ENDS.includes(event.event);
          yield event;
        }
      }
    }
  } finally {
    clearTimeout(timer);
    hangUp();
  }
}

async function open(run, signal) {
  const { url, body, lastEventId, headers, resume = true, fetch = globalThis.fetch } = run;
  const response = await fetch(body ? url : run.resumeUrl, {
    method: body ? "POST" : "GET",
    body: JSON.stringify(body),
    headers: {
      Accept: "text/event-stream",
      ...(body && { "Content-Type": "application/json", "X-Requested-With": "dify-jakarta" }),
      ...(resume && { "Dify-Resume": "1" }),
      ...(lastEventId && { "Last-Event-ID": lastEventId }),
      ...headers,
    },
    signal,
  }).catch((cause) => {
    throw new DifyError(0, "unreachable", "The server cannot be reached.", { lost: true, cause });
  });
  if (!response.ok || !response.headers.get("Content-Type")?.startsWith("text/event-stream")) {
    const error = await refusal(response);
    if (!body) {
      const gone = [404, 410].includes(error.status);
      Object.assign(error, gone ? { code: "gone" } : { lost: error.retryable });
    }
    throw error;
  }
  const id = response.headers.get("Dify-Stream-Id");
  if (resume && id && body) {
    // Below the address of the app, whatever began the stream there.
    run.resumeUrl = (response.url || url).replace(/(workflows\/.*|[^/]*)$/, `streams/${id}`);
  }
  return response.body;
}

function parse(data) {
  try {
    return data && data !== "[DONE]" ? JSON.parse(data) : { event: "ping" };
  } catch (cause) {
    throw new DifyError(502, "malformed", "The server's answer makes no sense.", { cause, retryable: false });
  }
}

/** Ends early when the page wakes up; offline it lasts until the network is back. */
export function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const control = new AbortController();
    const end = () => {
      clearTimeout(timer);
      control.abort();
      resolve();
    };
    const wake = () => globalThis.navigator?.onLine === false || end();
    const timer = setTimeout(wake, milliseconds);
    signal?.addEventListener("abort", end, { signal: control.signal });
    onWaking(control.signal, wake);
  });
}

export function onWaking(signal, listener) {
  const wake = (event) => (event.type !== "online" && globalThis.document?.hidden) || listener(event);
  for (const type of ["online", "visibilitychange"]) {
    globalThis.addEventListener?.(type, wake, { signal });
  }
}
