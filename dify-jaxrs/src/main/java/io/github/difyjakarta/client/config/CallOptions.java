package io.github.difyjakarta.client.config;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What is special about some calls: {@code dify.with(CallOptions.NONE.deadline(Duration.ofSeconds(5)))} is a client for them.
 * Immutable.
 *
 * @param deadline for a whole call, in place of the timeouts for whole calls and streams; longer than 0
 * @param headers to be sent beside the client's own, which they cannot replace
 * @param traceId under which Dify traces a run, since Dify 1.7; 1 to 128 letters, digits, {@code _} and {@code -}: Dify ignores
 *     others without a word
 * @param traceSessionId under which Dify groups traces, since Dify 1.15; 1 to 200 characters
 */
public record CallOptions(
        Optional<Duration> deadline,
        Map<String, String> headers,
        Optional<String> traceId,
        Optional<String> traceSessionId) {
    /** Nothing special. */
    public static final CallOptions NONE =
            new CallOptions(Optional.empty(), Map.of(), Optional.empty(), Optional.empty());

    private static final Pattern TRACE_ID = Pattern.compile("[A-Za-z0-9_-]{1,128}");
    private static final int LONGEST_SESSION = 200;
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[\\t\\x20-\\x7E]*");

    /** What the client says itself, or the connection. */
    private static final Set<String> RESERVED = Set.of(
            "authorization",
            "host",
            "content-type",
            "content-length",
            "transfer-encoding",
            "connection",
            "accept",
            "accept-encoding",
            "expect",
            "upgrade");

    /**
     * @throws IllegalArgumentException naming the option and its form, never a header's value
     */
    public CallOptions {
        deadline.ifPresent(time -> require(!time.isNegative() && !time.isZero(), "deadline must be longer than 0"));
        traceId.ifPresent(id ->
                require(TRACE_ID.matcher(id).matches(), "traceId must be 1 to 128 letters, digits, _ and -: " + id));
        traceSessionId.ifPresent(id -> require(
                !id.isBlank()
                        && id.strip().length() <= LONGEST_SESSION
                        && VALUE.matcher(id).matches(),
                "traceSessionId must be 1 to 200 printable ASCII characters"));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        headers.forEach((name, value) -> {
            require(NAME.matcher(name).matches(), "a header's name must be a token of HTTP: " + name);
            require(!RESERVED.contains(name.toLowerCase(Locale.ROOT)), "the client itself sets the header " + name);
            require(
                    VALUE.matcher(value).matches(),
                    "the header " + name + " must have printable ASCII characters only");
        });
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** The same with a deadline for each whole call. */
    public CallOptions deadline(Duration time) {
        return new CallOptions(Optional.of(time), headers, traceId, traceSessionId);
    }

    /** The same with one more header. */
    public CallOptions header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new CallOptions(deadline, more, traceId, traceSessionId);
    }

    /** The same, traced under an id. */
    public CallOptions traceId(String id) {
        return new CallOptions(deadline, headers, Optional.of(id), traceSessionId);
    }

    /** The same, traced as part of a session. */
    public CallOptions traceSessionId(String id) {
        return new CallOptions(deadline, headers, traceId, Optional.of(id));
    }

    /** All headers to be sent. */
    public Map<String, String> allHeaders() {
        Map<String, String> all = new LinkedHashMap<>(headers);
        traceId.ifPresent(id -> all.put("X-Trace-Id", id));
        traceSessionId.ifPresent(id -> all.put("X-Trace-Session-Id", id));
        return all;
    }

    /** Names only: a header may hold a secret. */
    @Override
    public String toString() {
        return "CallOptions[deadline=" + deadline + ", headers=" + headers.keySet() + "]";
    }
}
