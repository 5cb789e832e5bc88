package io.github.difyjakarta.client.http;

import java.io.IOException;

/** The proxy would not lead on to Dify, which has heard nothing. */
public final class ProxyRefusedException extends IOException {
    private static final long serialVersionUID = 1;

    ProxyRefusedException(int status) {
        super("the proxy refused the way to Dify with " + status);
    }
}
