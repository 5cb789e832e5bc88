package io.github.difyjakarta.client.http;

import java.net.PasswordAuthentication;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.impl.auth.BasicScheme;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;

/**
 * Who we are to the proxy. Said at once and unasked: a request that had to be sent again after the proxy's question might
 * be an upload, which cannot be. Immutable.
 */
record ProxyLogin(HttpHost proxy, PasswordAuthentication login) {
    void addTo(HttpClientContext context) {
        BasicScheme basic = new BasicScheme();
        basic.initPreemptive(new UsernamePasswordCredentials(login.getUserName(), login.getPassword()));
        context.getAuthExchange(proxy).select(basic);
    }
}
