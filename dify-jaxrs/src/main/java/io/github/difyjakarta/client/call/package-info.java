/**
 * How a call to Dify is made: sent, again only where that cannot run anything twice, its deadlines kept, its answer read.
 * Users meet what comes out of it: {@link io.github.difyjakarta.client.call.DifyStream} is an answer as it grows, {@link
 * io.github.difyjakarta.client.call.Page} a part of a list, {@link io.github.difyjakarta.client.call.Download} a file. The
 * packages of the endpoints speak through {@link io.github.difyjakarta.client.call.Calls}.
 *
 * <p>Asynchronous inside: no thread waits for Dify. Subscribers are called on the connection's I/O thread and must not
 * block; only who asks for it by a call that waits is kept waiting.
 *
 * <p>In the order of a stream: {@code Calls}, {@code StreamCall}, {@link io.github.difyjakarta.client.http.HttpTransport},
 * {@code FrameReader}, {@code FrameQueue}, {@code DifyStream}.
 */
@NullMarked
package io.github.difyjakarta.client.call;

import org.jspecify.annotations.NullMarked;
