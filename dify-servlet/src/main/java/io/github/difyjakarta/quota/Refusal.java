package io.github.difyjakarta.quota;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Somebody may not go on now. What was refused counts at no limit: of a refused request nothing does, of refused tokens none do,
 * though the request that asks for them does. Immutable.
 *
 * @param status of HTTP: 429, or 503 where a token budget cannot be read
 * @param code {@value #QUOTA_EXCEEDED} or {@value #QUOTA_UNAVAILABLE}
 * @param message for people; never holds a name or an address
 * @param retryAfter seconds, 1 or more. Of a limit of the caller's own that counts requests or tokens, a request exactly then
 *     passes, unless others of the caller come first; else it is the earliest that makes sense
 * @param violated names of the policies that refuse
 * @param standings of a request see {@link Decision}; of tokens only the budget that refuses; empty where it cannot be read
 */
public record Refusal(
        int status, String code, String message, long retryAfter, List<String> violated, List<Standing> standings)
        implements Decision, TokenDecision {

    /** A limit is reached. */
    public static final String QUOTA_EXCEEDED = "quota_exceeded";

    /** What is left of a token budget cannot be found out. */
    public static final String QUOTA_UNAVAILABLE = "quota_unavailable";

    private static final String TYPES = "https://iana.org/assignments/http-problem-types#";

    /** Copies the lists. */
    public Refusal {
        violated = List.copyOf(violated);
        standings = List.copyOf(standings);
        if (retryAfter < 1) {
            throw new IllegalArgumentException("retryAfter must be 1 or more, not " + retryAfter);
        }
    }

    static Refusal exceeded(String message, long retryAfter, List<String> violated, List<Standing> standings) {
        return new Refusal(429, QUOTA_EXCEEDED, message, retryAfter, violated, standings);
    }

    static Refusal unavailable(long retryAfter) {
        return new Refusal(
                503,
                QUOTA_UNAVAILABLE,
                "The budget cannot be checked at the moment. Please try again.",
                retryAfter,
                List.of(),
                List.of());
    }

    /** The body of an {@code application/problem+json} answer (RFC 9457), with Dify's own fields beside those of the RFC. */
    public byte[] problem() {
        boolean exceeded = code.equals(QUOTA_EXCEEDED);
        return bytes("{\"type\":\"" + TYPES + (exceeded ? "quota-exceeded" : "temporary-reduced-capacity")
                + "\",\"title\":\"" + (exceeded ? "Quota exceeded" : "Temporarily reduced capacity")
                + "\",\"detail\":\"" + message + "\"," + common() + ",\"violated-policies\":["
                + (violated.isEmpty() ? "" : '"' + String.join("\",\"", violated) + '"') + "]}");
    }

    /** The same as the last event of a stream, or as a frame of a WebSocket. */
    public byte[] event() {
        return bytes("{\"event\":\"error\"," + common() + '}');
    }

    /** Nothing here needs an escape: all texts are ours, made of plain words and numbers. */
    private String common() {
        return "\"code\":\"" + code + "\",\"message\":\"" + message + "\",\"status\":" + status
                + ",\"retryable\":true,\"retry_after\":" + retryAfter;
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
