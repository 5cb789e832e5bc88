/**
 * What comes out of one of Dify's streams: {@link io.github.difyjakarta.client.event.DifyFrame}, an event as it came,
 * {@link io.github.difyjakarta.client.event.FrameParser}, which reads those of a whole stream, and
 * {@link io.github.difyjakarta.client.event.DifyEvent}, the same typed. {@link
 * io.github.difyjakarta.client.event.OutcomeTracker} decides how a stream ended and {@link
 * io.github.difyjakarta.client.event.AnswerCollector} what the {@link io.github.difyjakarta.client.event.Answer} is.
 *
 * <p>What occurs in several places is a record around its JSON, such as {@link
 * io.github.difyjakarta.client.event.NodeExecution}: it reads a field when it is asked for one, and keeps those that it does
 * not name.
 *
 * <p>Pure: bytes and values in, values out. Knows no connection, clock or thread. Applications match on {@code DifyEvent}
 * and {@code Outcome}; the rest serves the client and the relay.
 */
@NullMarked
package io.github.difyjakarta.client.event;

import org.jspecify.annotations.NullMarked;
