/**
 * Chat over a WebSocket, {@code {ctx}/dify-ws/{app}}, for pages whose two sides both talk: a question is a text frame {@code
 * {"query":…,"inputs":…}}, its answer frames {@code start}, {@code chunk}, {@code done}; with {@code ?events=verbatim} Dify's own
 * events. The socket keeps the conversation. Not for applications: {@link io.github.difyjakarta.websocket.SocketInitializer}
 * registers it all.
 *
 * <p>A connection, in the order in which it is read best:
 *
 * <ol>
 *   <li>{@code SocketServlet} sees the handshake behind all filters and constraints of the application; {@code Gate} says who may
 *       come in, before anything is upgraded
 *   <li>{@code SocketEndpoint} is what the container talks to; it leaves everything to a {@code SocketChat}
 *   <li>{@code ClientFrame} reads what the browser says, {@code Allowance} asks the quotas, {@code Asking} asks Dify
 *   <li>{@code WebSocketOutlet} takes the answer from the {@link io.github.difyjakarta.relay.Relays relay}; {@code AnswerFrames}
 *       says it in the words of this socket
 *   <li>{@code Sending} sends one frame after the other, and knows what the browser has not taken
 *   <li>{@code Sockets} keeps them all: pings, time limits, the end of the application and of users' sessions
 * </ol>
 *
 * <p>Messages come on the container's threads, one at a time for each socket; answers on the client's. Neither ever waits for a
 * browser.
 */
@NullMarked
package io.github.difyjakarta.websocket;

import org.jspecify.annotations.NullMarked;
