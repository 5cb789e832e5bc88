package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConfigurationException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.error.DifyUnsupportedException;
import io.github.difyjakarta.client.json.DifyJson;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a browser gets to know of a failure: the same words as an HTTP problem (RFC 9457) and as the last event of a stream,
 * both also in the shape of Dify's own errors, so that front ends made for Dify understand them. Nothing in it names the
 * upstream, its key or its bodies. Immutable.
 *
 * @param status of HTTP
 * @param code a stable name to decide by
 * @param message for people
 * @param retryable whether the same request may succeed soon
 * @param retryAfter when, where that is known; at least 1 s
 */
public record RelayError(int status, String code, String message, boolean retryable, Optional<Duration> retryAfter) {
    private static final String HINT = " You have requested this URI [";
    private static final Duration BUSY_RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);

    /** Refusals that concern what the browser asked for: it gets to see them as they are. */
    private static final Set<Integer> CALLERS_FAULT = Set.of(400, 404, 409, 412, 413, 415, 422);

    /** An error that another attempt would not mend. */
    public static RelayError of(int status, String code, String message) {
        return new RelayError(status, code, message, false, Optional.empty());
    }

    /** An error that a later attempt may mend. */
    public static RelayError temporary(int status, String code, String message) {
        return new RelayError(status, code, message, true, Optional.empty());
    }

    /** What is to be told of a failed call of Dify's, whatever it was. */
    public static RelayError of(Throwable failure) {
        if (Calls.unwrapped(failure) instanceof DifyException dify) {
            return ofDify(dify);
        }
        return of(500, "internal_server_error", "The request failed inside this application.");
    }

    private static RelayError ofDify(DifyException failure) {
        if (failure instanceof DifyApiException api) {
            return ofRefusal(api.status(), api.code(), api.difyMessage(), api.retryAfter());
        }
        if (failure instanceof DifyConnectionException broken) {
            return switch (failure.code()) {
                case DifyConnectionException.TIMEOUT ->
                    temporary(504, failure.code(), "The AI service did not answer in time.");
                case DifyConnectionException.BUSY ->
                    new RelayError(
                            503,
                            failure.code(),
                            "The AI service is busy. Please try again.",
                            true,
                            Optional.of(BUSY_RETRY));
                case DifyConnectionException.UNAVAILABLE ->
                    new RelayError(
                            503,
                            failure.code(),
                            "The AI service does not answer at the moment. Please try again later.",
                            true,
                            Optional.of(bounded(broken.retryAfter())));
                case DifyConnectionException.CANCELLED ->
                    temporary(503, DifyStreamException.SHUTTING_DOWN, "The application is shutting down.");
                case DifyConnectionException.NOT_DIFY ->
                    of(502, failure.code(), "The AI service gave an answer that makes no sense.");
                default -> temporary(502, failure.code(), "The AI service cannot be reached.");
            };
        }
        if (failure instanceof DifyUnsupportedException) {
            return of(404, failure.code(), "The AI service is too old for this.");
        }
        if (failure instanceof DifyConfigurationException) {
            return of(503, failure.code(), failure.getMessage() + "");
        }
        return switch (failure.code()) {
            case DifyStreamException.IDLE -> temporary(504, failure.code(), "The AI service fell silent.");
            case DifyStreamException.TOTAL_TIMEOUT ->
                of(504, failure.code(), "The answer took too long and was ended.");
            case DifyStreamException.EVENT_TOO_LARGE ->
                of(502, failure.code(), "The AI service sent more than can be passed on.");
            case DifyStreamException.SLOW_READER -> slowReader();
            case DifyStreamException.SHUTTING_DOWN ->
                temporary(503, failure.code(), "The application is shutting down.");
            case DifyStreamException.MALFORMED ->
                of(502, failure.code(), "The AI service gave an answer that makes no sense.");
            default -> temporary(502, failure.code(), "The answer broke off before its end.");
        };
    }

    /**
     * What is to be told when Dify said no, before the stream or as the first event of it.
     *
     * @param status Dify's; 0 where it named none
     * @param message Dify's; shown only where it concerns what the browser sent
     */
    public static RelayError ofRefusal(int status, String code, String message, Optional<Duration> retryAfter) {
        if (code.equals("too_many_requests")
                || (code.equals("invalid_param") && message.startsWith("Too many requests"))) {
            return new RelayError(
                    503,
                    DifyConnectionException.BUSY,
                    "The AI service is busy. Please try again.",
                    true,
                    Optional.of(bounded(retryAfter)));
        }
        if (status == 401 || status == 403) {
            return of(502, "upstream_refused_key", "The AI service refused this application.");
        }
        if (status == 429) {
            return new RelayError(
                    503,
                    "upstream_rate_limited",
                    "The AI service is over its limit. Please try again later.",
                    true,
                    Optional.of(bounded(retryAfter)));
        }
        if (CALLERS_FAULT.contains(status)) {
            return of(status, code, withoutHint(message));
        }
        return temporary(502, "upstream_error", "The AI service failed.");
    }

    /** Dify's framework adds to some of its 404s which of its own paths may have been meant. */
    private static String withoutHint(String message) {
        int hint = message.indexOf(HINT);
        return hint < 0 ? message : message.substring(0, hint);
    }

    private static Duration bounded(Optional<Duration> asked) {
        Duration wait = asked.orElse(BUSY_RETRY);
        if (wait.compareTo(LONGEST_RETRY) > 0) {
            return LONGEST_RETRY;
        }
        return wait.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : wait;
    }

    static RelayError slowReader() {
        return of(503, DifyStreamException.SLOW_READER, "The answer was not read in time and was ended.");
    }

    /** The application is on its way down: new requests, and streams that are under way. */
    public static RelayError shuttingDown() {
        return new RelayError(
                503,
                DifyStreamException.SHUTTING_DOWN,
                "The application is shutting down.",
                true,
                Optional.of(BUSY_RETRY));
    }

    /** The same words whether a stream never was, is over, or is somebody else's. */
    static RelayError noSuchStream() {
        return of(404, "not_found", "There is no such stream.");
    }

    static RelayError noLongerKept() {
        return of(410, "stream_gone", "This part of the answer is not kept any more; the history has it.");
    }

    static RelayError noSuchEvent() {
        return of(400, "invalid_param", "Last-Event-ID: this stream has had no event of that number.");
    }

    static RelayError takenOver() {
        return of(409, "taken_over", "The answer goes on in another connection.");
    }

    static RelayError keyReused() {
        return of(422, "idempotency_key_reused", "This Idempotency-Key belongs to another request.");
    }

    /** The body of an {@code application/problem+json} answer. */
    public byte[] toProblem() {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("type", "about:blank");
        problem.put("title", code);
        problem.put("detail", message);
        problem.put("code", code);
        problem.put("message", message);
        problem.put("status", status);
        problem.put("retryable", retryable);
        return DifyJson.write(problem);
    }

    /** The JSON of a stream's last event. */
    public byte[] toEvent() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", "error");
        event.put("status", status);
        event.put("code", code);
        event.put("message", message);
        event.put("retryable", retryable);
        return DifyJson.write(event);
    }
}
