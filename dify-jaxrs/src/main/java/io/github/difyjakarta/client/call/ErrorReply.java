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

    /** Dify's own 429 has a code: its quota is used up. */
    private static final String GATEWAY_LIMIT = "http_429";

    private static final int METHOD_NOT_ALLOWED = 405;
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

    /** Whether it is a yes without a word. */
    boolean isEmptySuccess() {
        return head.status() >= 200 && head.status() <= 299 && body.size() == 0;
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
        if ((code.isEmpty() || status == METHOD_NOT_ALLOWED) && isUnknownRoute()) {
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

    /**
     * Ids are checked before they are sent, so that a page instead of an answer means that there is no such endpoint; where an
     * old server has the path with another method only, it says so in its envelope.
     */
    private boolean isUnknownRoute() {
        boolean unknown = head.status() == 404 || head.status() == METHOD_NOT_ALLOWED;
        String version = head.header("x-version");
        return unknown
                && request.since().filter(since -> isOlder(version, since)).isPresent();
    }

    /** What a server that is too old makes of a request, whose newer parts it passes over without a word. */
    static Optional<DifyException> tooOld(HttpTransport.Head head, Request request) {
        String version = head.header("x-version");
        return request.since()
                .filter(since -> !version.isEmpty() && isOlder(version, since))
                .map(since -> new DifyUnsupportedException(request.feature(), since, Optional.of(version)));
    }

    private static boolean isOlder(String version, String since) {
        try {
            return version.isEmpty() || Version.parse(version).compareTo(Version.parse(since)) < 0;
        } catch (IllegalArgumentException e) {
            return true; // a version of no known form may be anything, also too old
        }
    }

    private DifyApiException.Reply reply(DifyJson envelope) {
        return of(head, envelope.optionalText("params"), config.withoutSecrets(body.toString(UTF_8)));
    }

    /** What the head of an answer says, whatever the answer is. */
    static DifyApiException.Reply of(HttpTransport.Head head, Optional<String> params, String body) {
        return new DifyApiException.Reply(
                params,
                optional(head.header("x-trace-id")),
                optional(head.header("x-version")),
                retryAfter(head.header("retry-after").trim()),
                body);
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
    private static Optional<Duration> retryAfter(String value) {
        if (value.isEmpty() || value.length() > 9 || !value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }

    /**
     * Whether a call without a stream may be made again: nothing has begun, or it does no harm and the fault is the server's or
     * that of a gateway before it, which lets through only so many.
     */
    static boolean isForAnotherTry(DifyException cause, Request request) {
        return isConcurrencyLimit(cause)
                || (request.repeatable()
                        && cause instanceof DifyApiException api
                        && (api.status() >= 500 || api.code().equals(GATEWAY_LIMIT)));
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
