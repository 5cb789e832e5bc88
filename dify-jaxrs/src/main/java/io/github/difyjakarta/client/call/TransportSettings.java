package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.KeyStoreFile;
import io.github.difyjakarta.client.config.ProxyServer;
import io.github.difyjakarta.client.error.DifyConfigurationException;
import io.github.difyjakarta.client.http.HttpTransport;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** What is configured, in the JDK's terms. Pure, but for the files that are read. */
public final class TransportSettings {
    private TransportSettings() {}

    /**
     * Reads the key stores.
     *
     * @throws DifyConfigurationException when one cannot be read; names it, not its password
     */
    public static HttpTransport.Settings of(Connections connections) {
        return new HttpTransport.Settings(
                connections.http2(),
                connections.keepAlive(),
                tls(connections),
                connections.proxy().map(proxy -> InetSocketAddress.createUnresolved(proxy.host(), proxy.port())),
                connections.proxy().flatMap(ProxyServer::login).map(TransportSettings::login));
    }

    private static PasswordAuthentication login(ProxyServer.Login login) {
        return new PasswordAuthentication(login.user(), login.password().toCharArray());
    }

    private static Optional<SSLContext> tls(Connections connections) {
        if (connections.trustStore().isEmpty() && connections.clientKey().isEmpty()) {
            return Optional.empty();
        }
        KeyStore trust = connections
                .trustStore()
                .map(file -> load(file, (store, alias) -> true, "certificate"))
                .orElse(null);
        KeyStore own = connections
                .clientKey()
                .map(file -> load(file, KeyStore::isKeyEntry, "key"))
                .orElse(null);
        char[] password = connections
                .clientKey()
                .map(file -> file.password().toCharArray())
                .orElse(new char[0]);
        try {
            return Optional.of(context(trust, own, password));
        } catch (GeneralSecurityException e) {
            throw new DifyConfigurationException(
                    "the trust store or the client's key cannot be used (" + e.getMessage() + ")");
        }
    }

    private static SSLContext context(@Nullable KeyStore trust, @Nullable KeyStore own, char[] password)
            throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust); // null stands for the JDK's
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(own, password);
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    private static KeyStore load(KeyStoreFile file, Kind kind, String name) {
        try {
            // Knows by itself whether it is PKCS #12 or JKS.
            KeyStore store =
                    KeyStore.getInstance(file.path().toFile(), file.password().toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                if (kind.is(store, alias)) {
                    return store;
                }
            }
            // Left as it is, no connection would ever come about, for reasons that no one could tell from its error.
            throw new DifyConfigurationException("the key store " + file.path() + " holds no " + name);
        } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
            throw new DifyConfigurationException("the key store " + file.path() + " cannot be read ("
                    + e.getClass().getSimpleName() + ")");
        }
    }

    /** What an entry of a key store is. */
    private interface Kind {
        boolean is(KeyStore store, String alias) throws KeyStoreException;
    }
}
