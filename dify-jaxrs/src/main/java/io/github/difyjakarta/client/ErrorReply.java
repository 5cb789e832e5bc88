package io.github.difyjakarta.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.http.HttpTransport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/**
 * Collects the body of an answer that is no success and tells what it means. A body that is not Dify's envelope (a proxy's
 * page, nothing at all) is looked at no further: only the status counts then.
 *
 * <p>Confined to the connection's thread.
 */
final class ErrorReply {
    /** More of an error page is not read. */
    private static final int MAX_BYTES = 64 * 1024;

    private static final String CONCURRENCY_LIMIT = "Too many requests";

    private final HttpTransport.Head head;
    private final DifyConfig config;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(256);

    ErrorReply(HttpTransport.Head head, DifyConfig config) {
        this.head = head;
        this.config = config;
    }

    /** Takes a piece of the body; false once enough has come. */
    boolean add(ByteBuffer bytes) {
        int room = MAX_BYTES - body.size();
        byte[] piece = new byte[Math.min(room, bytes.remaining())];
        bytes.get(piece);
        body.writeBytes(piece);
        bytes.position(bytes.limit());
        return body.size() < MAX_BYTES;
    }

    /** What to throw. A success that is not what was asked for is no answer of Dify's, unless it carries its envelope. */
    DifyException toException() {
        int status = head.status();
        JsonNode envelope = envelope();
        int told = envelope.path("status").asInt(status);
        String code = envelope.path("code").asText("");
        String message = config.withoutSecrets(envelope.path("message").asText(""));
        if (status >= 400 && status < 600) {
            return new DifyApiException(status, code.isEmpty() ? "http_" + status : code, message, retryAfter());
        }
        if (!code.isEmpty() && told >= 400 && told < 600) {
            return new DifyApiException(told, code, message, retryAfter());
        }
        return new DifyConnectionException(
                DifyConnectionException.NOT_DIFY,
                "the answer is none of Dify's: status " + status + ", content type \"" + mediaType() + "\"",
                true);
    }

    private JsonNode envelope() {
        if (!mediaType().contains("json")) {
            return JsonBody.missing();
        }
        try {
            return JsonBody.read(body.toByteArray());
        } catch (IOException e) {
            return JsonBody.missing(); // cut, or not JSON in spite of its type: the status says enough
        }
    }

    private String mediaType() {
        String type = head.header("content-type");
        return type.length() > 100 ? type.substring(0, 100) : type;
    }

    /** Seconds only: Dify sends none, gateways send seconds; anything else is left out. */
    private Optional<Duration> retryAfter() {
        String value = head.header("retry-after").trim();
        if (value.isEmpty() || value.length() > 9 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }

    /**
     * Whether Dify refused before a run began, because too many are running: 429 {@code too_many_requests} by its
     * documentation, 400 {@code invalid_param} on the wire. The one text of Dify's that is ever looked at.
     */
    static boolean isConcurrencyLimit(DifyException e) {
        return e instanceof DifyApiException api
                && ((api.status() == 429 && api.code().equals("too_many_requests"))
                        || (api.status() == 400
                                && api.code().equals("invalid_param")
                                && api.difyMessage().startsWith(CONCURRENCY_LIMIT)));
    }
}
