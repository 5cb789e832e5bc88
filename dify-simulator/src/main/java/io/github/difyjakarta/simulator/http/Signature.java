package io.github.difyjakarta.simulator.http;

import java.util.List;

/** The headers a server ends each head with, by which one knows what is behind it. Called on the event loop. */
@FunctionalInterface
public interface Signature {

    /**
     * The headers, in the order of the wire.
     *
     * @param matched whether path and method of the request are known
     */
    List<Reply.Header> headers(HttpRequest request, boolean matched);
}
