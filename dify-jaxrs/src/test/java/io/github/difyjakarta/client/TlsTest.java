package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.app.DifySettings;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.KeyStoreFile;
import io.github.difyjakarta.client.error.DifyConfigurationException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.file.Upload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Encrypted ways, and those that lead to nobody one knows. */
class TlsTest extends ClientTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static KeyStoreFile serverKey;

    @SuppressWarnings("NullAway.Init")
    private static KeyStoreFile strangersKey;

    @SuppressWarnings("NullAway.Init")
    private static KeyStoreFile clientKey;

    @SuppressWarnings("NullAway.Init")
    private static KeyStoreFile trust;

    private final AtomicInteger asked = new AtomicInteger();

    @BeforeAll
    static void makeKeys() throws Exception {
        Certificates certificates = new Certificates(directory);
        serverKey = certificates.key("server.p12", "ip:127.0.0.1");
        strangersKey = certificates.key("stranger.p12", "dns:dify.example");
        clientKey = certificates.key("client.p12", "dns:client.example");
        trust = certificates.trusting("trust.p12", List.of(serverKey, strangersKey, clientKey));
    }

    private HandServer server(KeyStoreFile key, boolean wantsCertificate) throws Exception {
        SSLServerSocket socket = Certificates.listen(Certificates.server(key, trust));
        socket.setNeedClientAuth(wantsCertificate);
        return new HandServer("https", socket, this::answer);
    }

    private void answer(HandServer.Peer peer) throws Exception {
        while (true) {
            HandServer.Request request = peer.read();
            request.body().readAllBytes();
            asked.incrementAndGet();
            if (request.line().contains("/files/upload")) {
                peer.answer("201 CREATED", "application/json", "{\"id\":\"f1\"}");
            } else {
                peer.answer(
                        "200 OK",
                        "text/event-stream",
                        "data: " + message("over TLS") + "\n\ndata: " + messageEnd() + "\n\n");
            }
        }
    }

    private DifyConfig to(HandServer server, Connections connections) {
        return DifyConfig.of(server.url(), new ApiKey("app-x"))
                .withMode(AppMode.CHAT)
                .withTimeouts(TIMEOUTS)
                .withRetry(QUICK_RETRY)
                .withConnections(connections);
    }

    @Test
    void talksToWhomItsOwnStoreTrusts() throws Exception {
        try (HandServer server = server(serverKey, false)) {
            DifyClient dify = client(to(server, Connections.DEFAULTS.trusting(trust)));
            assertThat(dify.chat().ask(QUESTION).text()).isEqualTo("over TLS");
            assertThat(dify.chat().ask(QUESTION).text()).isEqualTo("over TLS");
            assertThat(server.accepted()).as("connections are used again").isEqualTo(1);
            assertThat(dify.files()
                            .upload("ada", Upload.of("a.bin", new byte[5_000_000]))
                            .id())
                    .isEqualTo("f1");
        }
    }

    @Test
    void tellsNothingToAStranger() throws Exception {
        try (HandServer server = server(serverKey, false)) {
            assertRefuses(server, Connections.DEFAULTS);
        }
    }

    @Test
    void tellsNothingToAServerOfAnotherName() throws Exception {
        try (HandServer server = server(strangersKey, false)) {
            assertRefuses(server, Connections.DEFAULTS.trusting(trust));
        }
    }

    private void assertRefuses(HandServer server, Connections connections) throws Exception {
        Throwable failure = failureOf(client(to(server, connections)).chat().stream(QUESTION));
        assertThat(failure).isInstanceOfSatisfying(DifyConnectionException.class, known -> {
            assertThat(known.code()).isEqualTo(DifyConnectionException.UNREACHABLE);
            assertThat(known.runMayHaveStarted()).isFalse();
        });
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
                .contains("SSL")
                .doesNotContain(String.valueOf(server.port()))
                .doesNotContain("app-x");
        assertThat(asked.get()).isZero();
        Eventually.holds("no connection is left", PATIENCE, () -> server.open() == 0);
    }

    @Test
    void identifiesItselfWhereTheServerAsks() throws Exception {
        try (HandServer server = server(serverKey, true)) {
            Connections known = Connections.DEFAULTS.trusting(trust).identifiedBy(clientKey);
            assertThat(client(to(server, known)).chat().ask(QUESTION).text()).isEqualTo("over TLS");
        }
    }

    @Test
    void isRefusedWhereItDoesNotIdentifyItself() throws Exception {
        try (HandServer server = server(serverKey, true)) {
            assertThat(failureOf(client(to(server, Connections.DEFAULTS.trusting(trust))).chat().stream(QUESTION)))
                    .isInstanceOf(DifyException.class);
            assertThat(asked.get()).isZero();
        }
    }

    @Test
    void doesNotSpeakPlainlyToAServerOfTls() throws Exception {
        try (HandServer server = server(serverKey, false)) {
            URI plain = URI.create("http://127.0.0.1:" + server.port() + "/v1");
            DifyConfig config = DifyConfig.of(plain, new ApiKey("app-x"))
                    .withTimeouts(TIMEOUTS)
                    .withRetry(QUICK_RETRY);
            assertThat(failureOf(client(config).chat().stream(QUESTION))).isInstanceOf(DifyException.class);
        }
    }

    @Test
    void saysWhichKeyStoreCannotBeRead() throws Exception {
        Path garbage = Files.writeString(directory.resolve("garbage.p12"), "no key store");
        KeyStoreFile empty = new Certificates(directory).trusting("empty.p12", List.of());
        List<KeyStoreFile> unreadable = List.of(
                new KeyStoreFile(directory.resolve("missing.p12"), "x"),
                new KeyStoreFile(trust.path(), "wrong-password"),
                new KeyStoreFile(garbage, "x"),
                empty);
        for (KeyStoreFile file : unreadable) {
            for (Connections connections :
                    List.of(Connections.DEFAULTS.trusting(file), Connections.DEFAULTS.identifiedBy(file))) {
                assertThatThrownBy(() -> DifyClient.create(config().withConnections(connections))
                                .close())
                        .isInstanceOf(DifyConfigurationException.class)
                        .hasMessageContaining(file.path().toString())
                        .hasMessageNotContaining("wrong-password");
            }
        }
        assertThatThrownBy(() -> DifyClient.create(config().withConnections(Connections.DEFAULTS.identifiedBy(trust)))
                        .close())
                .as("certificates without a key")
                .isInstanceOf(DifyConfigurationException.class);
    }

    @Test
    void aKeyStoreThatCannotBeReadIsAProblemOfTheDeployment() {
        Map<String, String> keys = Map.of(
                "dify.api-url", "https://dify.example/v1",
                "dify.api-key", "app-x",
                "dify.connection.trust-store", directory.resolve("missing.p12").toString(),
                "dify.connection.trust-store-password", "hidden");
        DifySettings settings = DifySettings.from(key -> Optional.ofNullable(keys.get(key)));
        assertThat(settings.apps()).isEmpty();
        assertThat(settings.problems())
                .singleElement()
                .asString()
                .contains("dify.connection.trust-store")
                .contains("missing.p12")
                .doesNotContain("hidden");
    }
}
