/**
 * A small HTTP/1.1 server on the loopback address, one thread for all of it, whose answers may be broken off at any byte.
 * Not for applications: public is what the packages beside it need.
 *
 * <p>A {@link io.github.difyjakarta.simulator.http.Server} on an {@link io.github.difyjakarta.simulator.http.EventLoop}
 * hands each request to its handler as an {@link io.github.difyjakarta.simulator.http.Exchange}, on the loop's thread.
 * {@link io.github.difyjakarta.simulator.http.Multipart} reads forms with files. Knows nothing of Dify and nothing of JSON.
 */
@NullMarked
package io.github.difyjakarta.simulator.http;

import org.jspecify.annotations.NullMarked;
