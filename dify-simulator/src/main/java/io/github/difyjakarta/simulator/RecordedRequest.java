package io.github.difyjakarta.simulator;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request the simulator has read to its end. Immutable.
 *
 * @param method for example {@code POST}
 * @param path below the base URL, still percent-encoded: {@code /chat-messages}; requests outside of it keep their
 *     whole path
 * @param query without the question mark, as sent; empty without one
 * @param headers values by lower-case name
 * @param body decoded as UTF-8; empty without one; of one above 1 MiB, such as an upload, only the first MiB
 * @param connection number of the TCP connection, from 1: equal for requests that shared one
 */
public record RecordedRequest(
        String method, String path, String query, Map<String, List<String>> headers, String body, long connection) {

    /** Copies the headers. */
    public RecordedRequest {
        headers = Map.copyOf(headers);
    }

    /**
     * The first value of a header.
     *
     * @param name lower case
     * @return empty if it was not sent
     */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }
}
