package io.github.difyjakarta.client.config;

import java.util.Optional;

/**
 * An HTTP proxy on the way to Dify; through it https is tunnelled.
 *
 * @param host name or address
 * @param port 1 to 65,535
 * @param login where the proxy asks for one
 */
public record ProxyServer(String host, int port, Optional<Login> login) {
    /**
     * Basic authentication at the proxy.
     *
     * @param password never printed
     */
    public record Login(String user, String password) {
        @Override
        public String toString() {
            return "***";
        }
    }

    /**
     * @throws IllegalArgumentException naming the component and its range
     */
    public ProxyServer {
        if (host.isBlank()) {
            throw new IllegalArgumentException("the proxy's host must not be blank");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("the proxy's port must be 1 to 65535, not " + port);
        }
    }
}
