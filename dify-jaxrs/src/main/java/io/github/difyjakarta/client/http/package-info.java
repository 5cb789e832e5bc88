/**
 * Bytes to an HTTP server and back, without a thread that waits: {@link io.github.difyjakarta.client.http.HttpTransport}. Not
 * for applications.
 *
 * <p>The only package that knows Apache HttpClient; knows nothing of Dify. Handlers are called on an I/O thread, one call at a
 * time for each exchange, and must not block.
 */
@NullMarked
package io.github.difyjakarta.client.http;

import org.jspecify.annotations.NullMarked;
