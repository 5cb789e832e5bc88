/**
 * Server-sent events by the rules of the HTML standard, for a stream that was asked for with fetch: EventSource cannot POST.
 */
export class SseDecoder {
  #line = "";
  #data = null;
  #event = "";
  #afterCarriageReturn = false;

  /**
   * Takes the next piece of text, cut anywhere, and returns the events it completes as {event, data}. What has no data, a
   * bare "event: ping" or a comment, is none; what is unfinished at the end of the stream never becomes one.
   */
  decode(text) {
    if (text === "") {
      return [];
    }
    const events = [];
    const lineEnd = /\r\n?|\n/g;
    // The CR at the end of the last piece has ended its line; an LF now is the rest of that CRLF.
    let start = this.#afterCarriageReturn && text.startsWith("\n") ? 1 : 0;
    lineEnd.lastIndex = start;
    for (let end; (end = lineEnd.exec(text)) !== null; start = lineEnd.lastIndex) {
      this.#line += text.slice(start, end.index);
      if (this.#line === "") {
        this.#dispatch(events);
      } else {
        this.#field(this.#line);
      }
      this.#line = "";
    }
    this.#line += text.slice(start);
    this.#afterCarriageReturn = text.endsWith("\r");
    return events;
  }

  #field(line) {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") {
      this.#data = this.#data === null ? value : `${this.#data}\n${value}`;
    } else if (name === "event") {
      this.#event = value;
    }
  }

  #dispatch(events) {
    if (this.#data !== null) {
      events.push({ event: this.#event || "message", data: this.#data });
    }
    this.#data = null;
    this.#event = "";
  }
}

/** The events of a response body, as they come. Leaving the loop early cancels the body. */
export async function* readEvents(body) {
  const reader = body.getReader();
  const utf8 = new TextDecoder();
  const decoder = new SseDecoder();
  try {
    for (let chunk; !(chunk = await reader.read()).done; ) {
      yield* decoder.decode(utf8.decode(chunk.value, { stream: true }));
    }
  } finally {
    await reader.cancel();
  }
}
