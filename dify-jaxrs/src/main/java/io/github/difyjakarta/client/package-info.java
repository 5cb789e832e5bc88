/**
 * The Dify client, begun at {@link io.github.difyjakarta.client.DifyClient}. Works without any container:
 *
 * <pre>{@code
 * try (DifyClient dify = DifyClient.create(DifyConfig.of(URI.create("https://api.dify.ai/v1"), key));
 *         DifyStream answer = dify.chat().stream(ChatRequest.of("ada", "Where is order 4711?"))) {
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
 * io.github.difyjakarta.client.error.DifyException}. The API key appears in no message, log line or {@code toString()}.
 *
 * <p>One package for each group of endpoints below this one; {@code config}, {@code error}, {@code json} and {@code event} hold
 * what they have in common, {@code call} and {@code http} how a call is made.
 */
@NullMarked
package io.github.difyjakarta.client;

import org.jspecify.annotations.NullMarked;
