/**
 * Server-sent events as the <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">WHATWG text</a>
 * has them: bytes to events by {@link io.github.difyjakarta.sse.SseDecoder}, events to bytes by
 * {@link io.github.difyjakarta.sse.SseEncoder}. Useful to anybody who reads or writes such a stream.
 *
 * <p>Pure: imports nothing but the JDK, starts no thread, reads no clock, logs nothing. A decoder is confined to the one
 * thread that feeds it; events are immutable.
 */
@NullMarked
package io.github.difyjakarta.sse;

import org.jspecify.annotations.NullMarked;
