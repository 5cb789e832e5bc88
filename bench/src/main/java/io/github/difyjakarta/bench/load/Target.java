package io.github.difyjakarta.bench.load;

import io.github.difyjakarta.bench.upstream.Query;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Where to ask on this machine. Immutable.
 *
 * @param port of the loopback address
 * @param path of the chat endpoint
 * @param headers lines without their ends, such as {@code Authorization: Bearer …}
 */
public record Target(int port, String path, List<String> headers) {

    public Target {
        headers = List.copyOf(headers);
    }

    /** {@return a question as it goes over the wire} */
    byte[] request(Query query) {
        String body = "{\"query\":\"" + query.text()
                + "\",\"inputs\":{},\"response_mode\":\"streaming\",\"user\":\"bench-" + query.id() + "\"}";
        StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port + "\r\n");
        headers.forEach(header -> request.append(header).append("\r\n"));
        return request.append("Accept: text/event-stream\r\nContent-Type: application/json\r\nContent-Length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body)
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }
}
