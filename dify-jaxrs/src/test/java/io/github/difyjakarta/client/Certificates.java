package io.github.difyjakarta.client;

import io.github.difyjakarta.client.config.KeyStoreFile;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/** Keys and certificates as an administrator makes them: with the JDK's {@code keytool}, in PKCS #12 files. */
final class Certificates {
    static final String PASSWORD = "secret-of-the-store";

    private final Path directory;

    Certificates(Path directory) {
        this.directory = directory;
    }

    /** A new key with a certificate for a name, such as {@code ip:127.0.0.1}. */
    KeyStoreFile key(String file, String subjectAlternativeName) throws IOException, InterruptedException {
        Path store = directory.resolve(file);
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-alias",
                        "key",
                        "-keyalg",
                        "EC",
                        "-validity",
                        "2",
                        "-dname",
                        "CN=test",
                        "-ext",
                        "san=" + subjectAlternativeName)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IOException("keytool failed: " + said);
        }
        return new KeyStoreFile(store, PASSWORD);
    }

    /** A store of the certificates that belong to keys. */
    KeyStoreFile trusting(String file, List<KeyStoreFile> keys) throws IOException, GeneralSecurityException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        for (KeyStoreFile key : keys) {
            trust.setCertificateEntry(
                    key.path().getFileName().toString(), load(key).getCertificate("key"));
        }
        Path store = directory.resolve(file);
        try (OutputStream out = Files.newOutputStream(store)) {
            trust.store(out, PASSWORD.toCharArray());
        }
        return new KeyStoreFile(store, PASSWORD);
    }

    private static KeyStore load(KeyStoreFile file) throws IOException, GeneralSecurityException {
        return KeyStore.getInstance(file.path().toFile(), file.password().toCharArray());
    }

    /** What a server needs that has a key, and trusts the clients whose certificates are in a store. */
    static SSLContext server(KeyStoreFile key, KeyStoreFile clients) throws IOException, GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(key), PASSWORD.toCharArray());
        TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(load(clients));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    static SSLServerSocket listen(SSLContext context) throws IOException {
        ServerSocket socket = context.getServerSocketFactory().createServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return (SSLServerSocket) socket;
    }
}
