/**
 * From Dify to a browser, whatever the transport: {@link io.github.difyjakarta.relay.Relays} takes a stream and an {@link
 * io.github.difyjakarta.relay.Outlet} and sees to the rest. Not for applications.
 *
 * <p>The journey of one message, in the order in which it is read best:
 *
 * <ol>
 *   <li>the browser posts a question to {@code {ctx}/dify/{app}/chat-messages}
 *   <li>{@code rest.SiteFilter} turns it away if a page of another site has sent it
 *   <li>{@link io.github.difyjakarta.servlet.StreamingFilter} wraps the response: if it turns into an event stream, nothing
 *       buffers it and no thread waits for a slow browser
 *   <li>{@code rest.ChatResource} turns JSON into a {@link io.github.difyjakarta.client.chat.ChatRequest}; its {@code user} is
 *       {@link io.github.difyjakarta.servlet.CallerIdentity the caller}, never the browser's word
 *   <li>{@link io.github.difyjakarta.client.DifyClient} posts it to Dify, asynchronously
 *   <li>Dify refuses, which becomes a status ({@link io.github.difyjakarta.relay.RelayError}), or answers
 *   <li>{@link io.github.difyjakarta.sse.SseDecoder} makes events of bytes, {@link
 *       io.github.difyjakarta.client.event.DifyFrame} reads their envelope
 *   <li>{@link io.github.difyjakarta.relay.EventPolicy} tells which of them this user may see
 *   <li>{@code Relay} takes them, and {@code Delivery} passes them on by the room the browser has; heartbeat, deadlines, and
 *       Dify's stop when the browser is gone
 *   <li>{@code rest.SseOutlet} hands them to the {@code SseEventSink}, or {@code websocket.WebSocketOutlet} to a WebSocket
 *   <li>the browser renders them as they come
 *   <li>its connection breaks: {@code Replay} has what was sent, and {@code rest.StreamsResource} lets it go on from there, if it
 *       comes in time
 * </ol>
 *
 * <p>Knows no servlet, no JAX-RS and no CDI. Called by the client's I/O threads, which must never wait.
 */
@NullMarked
package io.github.difyjakarta.relay;

import org.jspecify.annotations.NullMarked;
