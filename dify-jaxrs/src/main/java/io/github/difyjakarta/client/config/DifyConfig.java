package io.github.difyjakarta.client.config;

import java.net.URI;
import java.util.Optional;

/**
 * Where one Dify app is and how to talk to it. Immutable.
 *
 * @param apiUrl base of the Service API, such as {@code https://api.dify.ai/v1}; http or https, without query
 * @param apiKey of the app
 * @param mode of the app where it is known; else the client asks {@code GET /info} once
 * @param timeouts how long to wait
 * @param retry how often to ask again, where that is safe
 * @param limits how much at once
 * @param breaker when to leave a server alone that does not answer
 * @param connections by which way
 */
public record DifyConfig(
        URI apiUrl,
        ApiKey apiKey,
        Optional<AppMode> mode,
        Timeouts timeouts,
        RetryPolicy retry,
        Limits limits,
        BreakerPolicy breaker,
        Connections connections) {
    /**
     * @throws IllegalArgumentException naming the component and the form it should have
     */
    public DifyConfig {
        boolean http = "http".equalsIgnoreCase(apiUrl.getScheme()) || "https".equalsIgnoreCase(apiUrl.getScheme());
        if (!http || apiUrl.getHost() == null || apiUrl.getRawQuery() != null || apiUrl.getUserInfo() != null) {
            throw new IllegalArgumentException(
                    "apiUrl must be an http or https URL without query and user, such as https://api.dify.ai/v1");
        }
        apiUrl = URI.create(apiUrl.toString().replaceAll("/+$", ""));
    }

    /** An app with defaults for all the rest. */
    public static DifyConfig of(URI apiUrl, ApiKey apiKey) {
        return new DifyConfig(
                apiUrl,
                apiKey,
                Optional.empty(),
                Timeouts.DEFAULTS,
                RetryPolicy.DEFAULTS,
                Limits.DEFAULTS,
                BreakerPolicy.DEFAULTS,
                Connections.DEFAULTS);
    }

    /** The same app, its mode known. */
    public DifyConfig withMode(AppMode known) {
        return new DifyConfig(apiUrl, apiKey, Optional.of(known), timeouts, retry, limits, breaker, connections);
    }

    /** The same app with other timeouts. */
    public DifyConfig withTimeouts(Timeouts other) {
        return new DifyConfig(apiUrl, apiKey, mode, other, retry, limits, breaker, connections);
    }

    /** The same app with other retries. */
    public DifyConfig withRetry(RetryPolicy other) {
        return new DifyConfig(apiUrl, apiKey, mode, timeouts, other, limits, breaker, connections);
    }

    /** The same app with other limits. */
    public DifyConfig withLimits(Limits other) {
        return new DifyConfig(apiUrl, apiKey, mode, timeouts, retry, other, breaker, connections);
    }

    /** The same app, left alone sooner or later where it does not answer. */
    public DifyConfig withBreaker(BreakerPolicy other) {
        return new DifyConfig(apiUrl, apiKey, mode, timeouts, retry, limits, other, connections);
    }

    /** The same app by another way. */
    public DifyConfig withConnections(Connections other) {
        return new DifyConfig(apiUrl, apiKey, mode, timeouts, retry, limits, breaker, other);
    }

    /**
     * An endpoint's address.
     *
     * @param pathAndQuery below the base, beginning with a slash, encoded
     */
    public URI resolve(String pathAndQuery) {
        return URI.create(apiUrl + pathAndQuery);
    }

    /** A text of the peer's without the key or the address, should it echo them. */
    public String withoutSecrets(String text) {
        return text.replace(apiKey.value(), "***").replace(apiUrl.toString(), "***");
    }
}
