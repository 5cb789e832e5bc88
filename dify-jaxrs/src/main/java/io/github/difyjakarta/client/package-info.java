/**
 * The Dify client: {@link io.github.difyjakarta.client.DifyClient} asks, {@link io.github.difyjakarta.client.ChatStream}
 * is the answer as it grows. Works without any container:
 *
 * <pre>{@code
 * try (DifyClient dify = DifyClient.create(DifyConfig.of(URI.create("https://api.dify.ai/v1"), key));
 *         ChatStream answer = dify.streamChat(ChatRequest.of("ada", "Where is order 4711?"))) {
 *     for (DifyEvent event : answer) {
 *         if (event instanceof DifyEvent.Message message) {
 *             System.out.print(message.answer());
 *         }
 *     }
 * }
 * }</pre>
 *
 * <p>Asynchronous inside: no thread waits for Dify. Subscribers are called on the connection's I/O thread and must not
 * block; iterating and collecting block only their caller. Everything that can go wrong is a {@link
 * io.github.difyjakarta.client.DifyException}. The API key appears in no message, log line or {@code toString()}.
 *
 * <p>In the order of a request: {@code HttpDifyClient}, {@code StreamCall}, {@link
 * io.github.difyjakarta.client.http.HttpTransport}, {@code FrameReader}, {@code FrameQueue}, {@code ChatStream}.
 */
@NullMarked
package io.github.difyjakarta.client;

import org.jspecify.annotations.NullMarked;
