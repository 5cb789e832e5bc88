package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.KeyStoreFile;
import io.github.difyjakarta.client.config.ProxyServer;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.simulator.Script;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways through a proxy: http is passed on, https is tunnelled. */
class ProxyTest extends ClientTest {
    private static final ProxyServer.Login LOGIN = new ProxyServer.Login("ada", "p\u00e4ssword:1");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final List<HandServer.Request> seen = new CopyOnWriteArrayList<>();
    private Optional<String> password = Optional.empty();
    private String tunnelAnswer = "200 Connection established";
    private final HandServer proxy = new HandServer(this::pass);

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    private void pass(HandServer.Peer client) throws Exception {
        HandServer.Request request = client.read();
        seen.add(request);
        if (password.isPresent() && !request.header("proxy-authorization").equals("Basic " + password.get())) {
            client.write("HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n"
                    + "Content-Length: 0\r\nConnection: close\r\n\r\n");
            client.socket().shutdownOutput();
            client.awaitEnd();
        } else if (request.line().startsWith("CONNECT ")) {
            tunnel(client, request);
        } else {
            passOn(client, request);
        }
    }

    private void tunnel(HandServer.Peer client, HandServer.Request request) throws Exception {
        client.write("HTTP/1.1 " + tunnelAnswer + "\r\n"
                + (tunnelAnswer.startsWith("200") ? "" : "Content-Length: 4\r\n") + "\r\n"
                + (tunnelAnswer.startsWith("200") ? "" : "html"));
        if (!tunnelAnswer.startsWith("200")) {
            client.awaitEnd();
            return;
        }
        String[] target = request.line().split(" ", -1)[1].split(":", -1);
        try (Socket server = new Socket(target[0], Integer.parseInt(target[1]))) {
            Thread back = pump(server.getInputStream(), client.out());
            copy(client.in(), server.getOutputStream());
            server.shutdownOutput();
            back.join(PATIENCE.toMillis());
        }
    }

    private static void passOn(HandServer.Peer client, HandServer.Request request) throws Exception {
        String[] line = request.line().split(" ", -1);
        URI target = URI.create(line[1]);
        try (Socket server = new Socket(target.getHost(), target.getPort())) {
            byte[] body = request.body().readAllBytes();
            StringBuilder head =
                    new StringBuilder(line[0] + " " + target.getRawPath() + " HTTP/1.1\r\nConnection: close\r\n");
            request.headers().forEach((name, value) -> {
                if (!List.of("connection", "proxy-authorization", "transfer-encoding", "content-length")
                        .contains(name)) {
                    head.append(name).append(": ").append(value).append("\r\n");
                }
            });
            head.append("content-length: ").append(body.length).append("\r\n\r\n");
            server.getOutputStream().write(head.toString().getBytes(UTF_8));
            server.getOutputStream().write(body);
            copy(server.getInputStream(), client.out());
        }
    }

    private static Thread pump(InputStream from, OutputStream to) {
        Thread thread = new Thread(() -> copy(from, to), "proxy-pump");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void copy(InputStream from, OutputStream to) {
        try {
            byte[] piece = new byte[8192];
            for (int count = from.read(piece); count >= 0; count = from.read(piece)) {
                to.write(piece, 0, count);
                to.flush();
            }
        } catch (IOException e) {
            return; // one of both has left
        }
    }

    private DifyConfig through(URI url, Connections connections, Optional<ProxyServer.Login> login) {
        return DifyConfig.of(url, new ApiKey(dify.key()))
                .withMode(AppMode.CHAT)
                .withTimeouts(TIMEOUTS)
                .withRetry(QUICK_RETRY)
                .withConnections(connections.through(new ProxyServer("127.0.0.1", proxy.port(), login)));
    }

    private DifyConfig plain(Optional<ProxyServer.Login> login) {
        return through(dify.url(), Connections.DEFAULTS, login);
    }

    private void wantsLogin() {
        password = Optional.of(
                Base64.getEncoder().encodeToString((LOGIN.user() + ":" + LOGIN.password()).getBytes(UTF_8)));
    }

    @Test
    void passesPlainRequestsThroughIt() {
        dify.next(Script.stream().event(message("one")).event(messageEnd()));
        assertThat(client(plain(Optional.empty())).chat().ask(QUESTION).text()).isEqualTo("one");
        assertThat(seen).singleElement().satisfies(request -> assertThat(request.line())
                .startsWith("POST " + dify.url() + "/chat-messages"));
    }

    @Test
    void logsInBeforeItIsAsked() throws Exception {
        wantsLogin();
        dify.next(Script.stream().event(message("one")).event(messageEnd()));
        assertThat(client(plain(Optional.of(LOGIN))).chat().ask(QUESTION).text())
                .isEqualTo("one");
        dify.nextAt("POST", "/files/upload", Script.json(201, "{\"id\":\"f1\"}"));
        assertThat(client().files()
                        .upload("ada", Upload.of("a.txt", new ByteArrayInputStream("stream".getBytes(UTF_8))))
                        .id())
                .isEqualTo("f1");
        assertThat(seen).hasSize(2);
        assertThat(dify.requests()).allSatisfy(request -> assertThat(request.header("proxy-authorization"))
                .isEmpty());
    }

    @Test
    void isRefusedWithAWrongLogin() throws Exception {
        wantsLogin();
        Throwable failure = failureOf(
                client(plain(Optional.of(new ProxyServer.Login("ada", "wrong-word")))).chat().stream(QUESTION));
        assertThat(failure).isInstanceOf(DifyException.class).hasMessageNotContaining("wrong-word");
        assertThat(dify.requests()).isEmpty();
    }

    @Test
    void tunnelsWhatIsEncrypted() throws Exception {
        wantsLogin();
        Certificates certificates = new Certificates(directory);
        KeyStoreFile key = certificates.key("server.p12", "ip:127.0.0.1");
        KeyStoreFile trust = certificates.trusting("trust.p12", List.of(key));
        try (HandServer server = new HandServer("https", Certificates.listen(Certificates.server(key, trust)), peer -> {
            while (true) {
                peer.read().body().readAllBytes();
                peer.answer(
                        "200 OK",
                        "text/event-stream",
                        "data: " + message("one") + "\n\ndata: " + messageEnd() + "\n\n");
            }
        })) {
            DifyClient tunnelled =
                    client(through(server.url(), Connections.DEFAULTS.trusting(trust), Optional.of(LOGIN)));
            assertThat(tunnelled.chat().ask(QUESTION).text()).isEqualTo("one");
            assertThat(tunnelled.chat().ask(QUESTION).text()).isEqualTo("one");
            assertThat(seen).as("one tunnel for both").singleElement().satisfies(request -> {
                assertThat(request.line()).startsWith("CONNECT 127.0.0.1:" + server.port());
                assertThat(request.headers()).doesNotContainKey("authorization");
            });
        }
    }

    @Test
    void saysThatNothingBeganWhereTheProxyRefusesTheTunnel() throws Exception {
        tunnelAnswer = "403 Forbidden";
        Throwable failure = failureOf(
                client(through(URI.create("https://dify.example/v1"), Connections.DEFAULTS, Optional.empty()))
                        .chat()
                        .stream(QUESTION));
        assertThat(failure).isInstanceOfSatisfying(DifyConnectionException.class, known -> {
            assertThat(known.code()).isEqualTo(DifyConnectionException.UNREACHABLE);
            assertThat(known.runMayHaveStarted()).isFalse();
        });
        Eventually.holds("no connection is left", PATIENCE, () -> proxy.open() == 0);
    }

    @Test
    void saysThatNothingBeganWhereThereIsNoProxy() throws Exception {
        proxy.close();
        assertThat(failureOf(client(plain(Optional.empty())).chat().stream(QUESTION)))
                .isInstanceOfSatisfying(DifyConnectionException.class, known -> {
                    assertThat(known.code()).isEqualTo(DifyConnectionException.UNREACHABLE);
                    assertThat(known.runMayHaveStarted()).isFalse();
                });
    }
}
