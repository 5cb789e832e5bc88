package io.github.difyjakarta.quota;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a decision says in headers of HTTP: {@code RateLimit-Policy} and {@code RateLimit} in the list form of
 * draft-ietf-httpapi-ratelimit-headers, and {@code Retry-After}. Immutable.
 */
public final class RateLimitHeaders {

    private final boolean legacy;

    /**
     * Headers with or without those of old.
     *
     * @param legacy whether to add {@code X-RateLimit-Limit}, {@code -Remaining} and {@code -Reset} (seconds from now) of the
     *     limit that is nearest to its end
     */
    public RateLimitHeaders(boolean legacy) {
        this.legacy = legacy;
    }

    /** Names and values, in order; none where nothing is limited. */
    public List<Map.Entry<String, String>> of(Decision decision) {
        List<Map.Entry<String, String>> headers = new ArrayList<>();
        String policies = decision instanceof Admission admission
                ? admission.policies()
                : decision.standings().stream()
                        .map(standing -> standing.policy().toItem())
                        .collect(Collectors.joining(", "));
        if (!policies.isEmpty()) {
            headers.add(Map.entry("RateLimit-Policy", policies));
        }
        if (!decision.standings().isEmpty()) {
            headers.add(Map.entry("RateLimit", items(decision.standings())));
        }
        if (legacy) {
            nearest(decision.standings()).ifPresent(standing -> addLegacy(headers, standing));
        }
        if (decision instanceof Refusal refusal) {
            headers.add(Map.entry("Retry-After", Long.toString(refusal.retryAfter())));
        }
        return headers;
    }

    private static String items(List<Standing> standings) {
        StringBuilder items = new StringBuilder(96);
        for (Standing standing : standings) {
            items.append(items.isEmpty() ? "" : ", ").append(standing.toItem());
        }
        return items.toString();
    }

    private static Optional<Standing> nearest(List<Standing> standings) {
        return standings.stream()
                .min(Comparator.comparingDouble(standing ->
                        (double) standing.remaining() / standing.policy().quota()));
    }

    private static void addLegacy(List<Map.Entry<String, String>> headers, Standing standing) {
        headers.add(
                Map.entry("X-RateLimit-Limit", Long.toString(standing.policy().quota())));
        headers.add(Map.entry("X-RateLimit-Remaining", Long.toString(standing.remaining())));
        headers.add(Map.entry("X-RateLimit-Reset", Long.toString(standing.secondsToMore())));
    }
}
