package io.github.difyjakarta.bench.jetty;

import jakarta.servlet.http.HttpServletRequest;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.ee10.proxy.AsyncProxyServlet;
import org.eclipse.jetty.http.HttpHeader;

/** Passes everything on, with the app's key. */
final class KeyedProxy extends AsyncProxyServlet.Transparent {
    private static final long serialVersionUID = 1;

    private final String authorization;

    KeyedProxy(String key) {
        this.authorization = "Bearer " + key;
    }

    @Override
    protected void addProxyHeaders(HttpServletRequest browser, Request upstream) {
        super.addProxyHeaders(browser, upstream);
        upstream.headers(headers -> headers.put(HttpHeader.AUTHORIZATION, authorization));
    }
}
