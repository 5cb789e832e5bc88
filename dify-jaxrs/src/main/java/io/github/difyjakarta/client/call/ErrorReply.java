package io.github.difyjakarta.client.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyUnsupportedException;
import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.json.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.lang.module.ModuleDescriptor.Version;
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
    private final Request request;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(256);

    ErrorReply(HttpTransport.Head head, DifyConfig config, Request request) {
        this.head = head;
        this.config = config;
        this.request = request;
    }

    int status() {
        return head.status();
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
        DifyJson envelope = envelope();
        String code = envelope.text("code");
        if (code.isEmpty() && isUnknownRoute()) {
            return new DifyUnsupportedException(
                    request.feature(), request.since().orElse(""), optional(head.header("x-version")));
        }
        String message = config.withoutSecrets(envelope.text("message"));
        if (status >= 400 && status < 600) {
            return new DifyApiException(status, code.isEmpty() ? "http_" + status : code, message, reply(envelope));
        }
        if (body.toString(UTF_8).strip().equals("null")) {
            return new DifyApiException(
                    404, "not_found", "Dify answered with null: there is no such thing", reply(envelope));
        }
        int told = (int) envelope.optionalNumber("status").orElse(status);
        if (!code.isEmpty() && told >= 400 && told < 600) {
            return new DifyApiException(told, code, message, reply(envelope));
        }
        return new DifyConnectionException(
                DifyConnectionException.NOT_DIFY,
                "the answer is none of Dify's: status " + status + ", content type \"" + mediaType() + "\"",
                true);
    }

    /** Ids are checked before they are sent, so that a page instead of an answer means that there is no such endpoint. */
    private boolean isUnknownRoute() {
        boolean unknown = head.status() == 404 || head.status() == 405;
        String version = head.header("x-version");
        return unknown
                && request.since().filter(since -> isOlder(version, since)).isPresent();
    }

    private static boolean isOlder(String version, String since) {
        try {
            return version.isEmpty() || Version.parse(version).compareTo(Version.parse(since)) < 0;
        } catch (IllegalArgumentException e) {
            return true; // a version of no known form may be anything, also too old
        }
    }

    private DifyApiException.Reply reply(DifyJson envelope) {
        return new DifyApiException.Reply(
                envelope.optionalText("params"),
                optional(head.header("x-trace-id")),
                optional(head.header("x-version")),
                retryAfter(),
                config.withoutSecrets(body.toString(UTF_8)));
    }

    private static Optional<String> optional(String text) {
        return text.isEmpty() ? Optional.empty() : Optional.of(text);
    }

    private DifyJson envelope() {
        if (!mediaType().contains("json")) {
            return DifyJson.EMPTY;
        }
        try {
            return DifyJson.parse(body.toByteArray());
        } catch (MalformedJsonException e) {
            return DifyJson.EMPTY; // cut, or not JSON in spite of its type: the status says enough
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
