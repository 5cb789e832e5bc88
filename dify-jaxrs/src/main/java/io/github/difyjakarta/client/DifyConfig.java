package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.event.DifyFrame;
import java.net.URI;
import java.util.Optional;

/**
 * Where one Dify app is and how to talk to it. Immutable.
 *
 * @param apiUrl base of the Service API, such as {@code https://api.dify.ai/v1}; http or https, without query
 * @param apiKey of the app
 * @param mode of the app where it is known; else the client asks {@code GET /info} once
 * @param timeouts see there
 * @param retry see there
 * @param maxConcurrentRequests at once to this app, stop calls not counted; 1 to 100,000, default 100
 * @param maxEventBytes the largest event that is read; at least 1 KiB, default 16 MiB
 * @param bufferBytes of a stream whose reader is slow: above it no more is asked of Dify, where the mode allows; default
 *     256 KiB
 * @param maxUnsentBytes where the mode does not allow that: above it the stream ends with {@code slow_reader}; default 4 MiB
 */
public record DifyConfig(
        URI apiUrl,
        ApiKey apiKey,
        Optional<AppMode> mode,
        Timeouts timeouts,
        RetryPolicy retry,
        int maxConcurrentRequests,
        int maxEventBytes,
        int bufferBytes,
        int maxUnsentBytes) {
    public static final int DEFAULT_MAX_CONCURRENT_REQUESTS = 100;
    public static final int DEFAULT_MAX_EVENT_BYTES = 16 * 1024 * 1024;
    public static final int DEFAULT_BUFFER_BYTES = 256 * 1024;
    public static final int DEFAULT_MAX_UNSENT_BYTES = 4 * 1024 * 1024;

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
        requireAtLeast("maxConcurrentRequests", maxConcurrentRequests, 1);
        requireAtLeast("maxEventBytes", maxEventBytes, 1024);
        requireAtLeast("bufferBytes", bufferBytes, 1024);
        requireAtLeast("maxUnsentBytes", maxUnsentBytes, bufferBytes);
    }

    private static void requireAtLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + value);
        }
    }

    /** An app with defaults for all the rest. */
    public static DifyConfig of(URI apiUrl, ApiKey apiKey) {
        return new DifyConfig(
                apiUrl,
                apiKey,
                Optional.empty(),
                Timeouts.DEFAULTS,
                RetryPolicy.DEFAULTS,
                DEFAULT_MAX_CONCURRENT_REQUESTS,
                DEFAULT_MAX_EVENT_BYTES,
                DEFAULT_BUFFER_BYTES,
                DEFAULT_MAX_UNSENT_BYTES);
    }

    /** The same app with other timeouts. */
    public DifyConfig withTimeouts(Timeouts other) {
        return new DifyConfig(
                apiUrl, apiKey, mode, other, retry, maxConcurrentRequests, maxEventBytes, bufferBytes, maxUnsentBytes);
    }

    /** The same app with other retries. */
    public DifyConfig withRetry(RetryPolicy other) {
        return new DifyConfig(
                apiUrl,
                apiKey,
                mode,
                timeouts,
                other,
                maxConcurrentRequests,
                maxEventBytes,
                bufferBytes,
                maxUnsentBytes);
    }

    /** The same app, its mode known. */
    public DifyConfig withMode(AppMode known) {
        return new DifyConfig(
                apiUrl,
                apiKey,
                Optional.of(known),
                timeouts,
                retry,
                maxConcurrentRequests,
                maxEventBytes,
                bufferBytes,
                maxUnsentBytes);
    }

    URI resolve(String path) {
        return URI.create(apiUrl + path);
    }

    /** A text of the peer's without the key or the address, should it echo them. */
    String withoutSecrets(String text) {
        return text.replace(apiKey.value(), "***").replace(apiUrl.toString(), "***");
    }

    /** The same for the events that carry such texts; no other is looked into. */
    DifyFrame withoutSecrets(DifyFrame frame) {
        if (!frame.name().equals("error")) {
            return frame;
        }
        String json = frame.json();
        String clean = withoutSecrets(json);
        return clean.equals(json) ? frame : DifyFrame.of(clean.getBytes(UTF_8));
    }
}
