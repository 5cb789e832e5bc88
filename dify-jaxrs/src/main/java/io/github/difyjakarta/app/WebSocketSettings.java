package io.github.difyjakarta.app;

import io.github.difyjakarta.origin.WebOrigin;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * How browsers are treated that come by WebSocket.
 *
 * @param path below which the WebSockets lie, each app's one segment deeper; segments of letters, digits, {@code .},
 *     {@code _}, {@code ~} and {@code -}; default {@code /dify-ws}
 * @param maxMessageBytes the largest message of a browser, however it is split into frames; 1 KiB to 16 MiB, default 64 KiB
 * @param idleTimeout how long a browser may say nothing before its WebSocket is closed, while no answer runs; longer than 0,
 *     default 5 min
 * @param pingInterval after so much silence the browser gets a ping, so that no proxy takes the silence for death; 100 ms or
 *     longer, default 25 s
 * @param allowedOrigins pages of other hosts that may connect, with commas, such as {@code https://www.example.org}; pages of the
 *     application's own host always may, and those of {@code dify.relay.allowed-origins}
 * @param allowMissingOrigin whether programs may connect that are no browsers and send no {@code Origin}; default false
 */
public record WebSocketSettings(
        String path,
        int maxMessageBytes,
        Duration idleTimeout,
        Duration pingInterval,
        List<String> allowedOrigins,
        boolean allowMissingOrigin) {
    private static final int SMALLEST_MESSAGE = 1024;
    private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;
    private static final Duration SHORTEST_PING = Duration.ofMillis(100);
    /** Of a web page; browser extensions have others. */
    private static final Set<String> SCHEMES = Set.of("http", "https");

    /** What the parameters say. */
    public static final WebSocketSettings DEFAULTS = new WebSocketSettings(
            "/dify-ws", 64 * 1024, Duration.ofMinutes(5), Duration.ofSeconds(25), List.of(), false);

    /**
     * @throws IllegalArgumentException naming the component and the form it should have
     */
    public WebSocketSettings {
        if (!DifySettings.PATH.matcher(path).matches()) {
            throw new IllegalArgumentException("path must be such as /dify-ws, not \"" + path + "\"");
        }
        if (maxMessageBytes < SMALLEST_MESSAGE || maxMessageBytes > LARGEST_MESSAGE) {
            throw new IllegalArgumentException(
                    "max-message-bytes must be from 1KiB to 16MiB, not " + maxMessageBytes + " bytes");
        }
        if (idleTimeout.isNegative() || idleTimeout.isZero()) {
            throw new IllegalArgumentException("idle-timeout must be longer than 0, not " + idleTimeout);
        }
        if (pingInterval.compareTo(SHORTEST_PING) < 0) {
            throw new IllegalArgumentException("ping-interval must be 100ms or longer, not " + pingInterval);
        }
        allowedOrigins = List.copyOf(allowedOrigins);
        for (String origin : allowedOrigins) {
            if (!isAsBrowsersSendIt(origin)) {
                throw new IllegalArgumentException("allowed-origins must be as browsers send them, in lower case,"
                        + " without a path and without the scheme's own port, such as https://www.example.org, not \""
                        + origin + "\"");
            }
        }
    }

    /** Anything else would never be equal to what comes. */
    private static boolean isAsBrowsersSendIt(String origin) {
        return WebOrigin.parse(origin)
                .filter(parsed -> SCHEMES.contains(parsed.scheme()))
                .filter(parsed -> parsed.toString().equals(origin))
                .isPresent();
    }
}
