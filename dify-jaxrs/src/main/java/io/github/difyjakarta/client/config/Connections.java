package io.github.difyjakarta.client.config;

import java.time.Duration;
import java.util.Optional;

/**
 * How connections to Dify are made. Clients that share a pool share this too.
 *
 * @param http2 whether HTTP/2 is used with https where the server speaks it; default true
 * @param keepAlive how long an idle connection is kept for the next call; 0 for not at all, default 1.5 s. Dify's own server
 *     closes after 2 s, and a question that meets the close cannot be sent again; nginx before it waits 65 s
 * @param proxy to go through; default none
 * @param trustStore whose certificates are trusted instead of the JDK's
 * @param clientKey with which the client identifies itself, where the server asks for a certificate
 */
public record Connections(
        boolean http2,
        Duration keepAlive,
        Optional<ProxyServer> proxy,
        Optional<KeyStoreFile> trustStore,
        Optional<KeyStoreFile> clientKey) {
    /** What the parameters say. */
    public static final Connections DEFAULTS =
            new Connections(true, Duration.ofMillis(1500), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * @throws IllegalArgumentException when keepAlive is negative
     */
    public Connections {
        if (keepAlive.isNegative()) {
            throw new IllegalArgumentException("keepAlive must be 0 or longer, not " + keepAlive);
        }
    }

    /** The same through a proxy. */
    public Connections through(ProxyServer server) {
        return new Connections(http2, keepAlive, Optional.of(server), trustStore, clientKey);
    }

    /** The same, trusting the certificates in a file and no others. */
    public Connections trusting(KeyStoreFile file) {
        return new Connections(http2, keepAlive, proxy, Optional.of(file), clientKey);
    }

    /** The same, identifying itself by a key. */
    public Connections identifiedBy(KeyStoreFile file) {
        return new Connections(http2, keepAlive, proxy, trustStore, Optional.of(file));
    }

    /** The same, keeping idle connections for another time. */
    public Connections keepingAlive(Duration time) {
        return new Connections(http2, time, proxy, trustStore, clientKey);
    }

    /** The same, by HTTP/1.1 only. */
    public Connections withoutHttp2() {
        return new Connections(false, keepAlive, proxy, trustStore, clientKey);
    }
}
