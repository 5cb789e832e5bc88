package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.Connections;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.KeyStoreFile;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.client.event.DifyEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.http.URIScheme;
import org.apache.hc.core5.http.impl.BasicEntityDetails;
import org.apache.hc.core5.http.impl.bootstrap.HttpAsyncServer;
import org.apache.hc.core5.http.message.BasicHttpResponse;
import org.apache.hc.core5.http.nio.AsyncServerExchangeHandler;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.ResponseChannel;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2ServerBootstrap;
import org.apache.hc.core5.http2.ssl.H2ServerTlsStrategy;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.ListenerEndpoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** HTTP/2 where the server speaks it. */
class Http2Test extends ClientTest {
    private static final String END = "data: " + messageEnd() + "\n\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path directory;

    @SuppressWarnings("NullAway.Init")
    private static KeyStoreFile trust;

    @SuppressWarnings("NullAway.Init")
    private static SSLContext tls;

    private final List<ProtocolVersion> spoken = new CopyOnWriteArrayList<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final CompletableFuture<Void> left = new CompletableFuture<>();
    private volatile String frames = "data: " + message("one") + "\n\n";
    private volatile int repeated = 1;
    private volatile H2Error refusal = H2Error.NO_ERROR;
    private volatile int refusals;

    @SuppressWarnings("NullAway.Init")
    private HttpAsyncServer server;

    @SuppressWarnings("NullAway.Init")
    private URI url;

    @BeforeAll
    static void makeKeys() throws Exception {
        Certificates certificates = new Certificates(directory);
        KeyStoreFile key = certificates.key("server.p12", "ip:127.0.0.1");
        trust = certificates.trusting("trust.p12", List.of(key));
        tls = Certificates.server(key, trust);
    }

    @BeforeEach
    void listen() throws Exception {
        server = H2ServerBootstrap.bootstrap()
                .setVersionPolicy(HttpVersionPolicy.NEGOTIATE)
                .setTlsStrategy(new H2ServerTlsStrategy(tls))
                .setRequestRouter((request, context) -> Answer::new)
                .create();
        server.start();
        ListenerEndpoint endpoint = server.listen(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), URIScheme.HTTPS)
                .get(10, TimeUnit.SECONDS);
        url = URI.create("https://127.0.0.1:" + ((InetSocketAddress) endpoint.getAddress()).getPort() + "/v1");
    }

    @AfterEach
    void close() {
        server.close(CloseMode.IMMEDIATE);
    }

    /** Takes the request, then sends the frames, as often as the test wants, and the end. */
    private final class Answer implements AsyncServerExchangeHandler {
        private @Nullable ResponseChannel answers;
        private @Nullable HttpContext context;
        private ByteBuffer next = ByteBuffer.allocate(0);
        private int sent;
        private boolean ended;

        @Override
        public void handleRequest(
                HttpRequest request, @Nullable EntityDetails entity, ResponseChannel channel, HttpContext given)
                throws HttpException, IOException {
            spoken.add(Objects.requireNonNullElse(request.getVersion(), HttpVersion.HTTP_2));
            if (requests.incrementAndGet() <= refusals) {
                throw new H2StreamResetException(refusal, "not now");
            }
            answers = channel;
            context = given;
        }

        @Override
        public void updateCapacity(CapacityChannel channel) throws IOException {
            channel.update(Integer.MAX_VALUE);
        }

        @Override
        public void consume(ByteBuffer bytes) {
            bytes.position(bytes.limit());
        }

        @Override
        public void streamEnd(@Nullable List<? extends Header> trailers) throws HttpException, IOException {
            BasicHttpResponse head = new BasicHttpResponse(200);
            head.setHeader("Content-Type", "text/event-stream");
            if (answers != null) {
                answers.sendResponse(head, new BasicEntityDetails(-1, ContentType.TEXT_EVENT_STREAM), context);
            }
        }

        @Override
        public int available() {
            return ended ? 0 : 1;
        }

        @Override
        public void produce(DataStreamChannel out) throws IOException {
            while (!ended) {
                if (!next.hasRemaining()) {
                    next = ByteBuffer.wrap((sent < repeated ? frames : sent == repeated ? END : "").getBytes(UTF_8));
                    sent++;
                    if (!next.hasRemaining()) {
                        ended = true;
                        out.endStream();
                        return;
                    }
                }
                if (out.write(next) == 0) {
                    return;
                }
            }
        }

        @Override
        public void failed(Exception cause) {
            left.complete(null);
        }

        @Override
        public void releaseResources() {
            if (!ended) {
                left.complete(null);
            }
        }
    }

    private DifyConfig config(Connections connections) {
        return DifyConfig.of(url, new ApiKey("app-x"))
                .withMode(AppMode.CHAT)
                .withTimeouts(TIMEOUTS)
                .withRetry(QUICK_RETRY)
                .withConnections(connections.trusting(trust));
    }

    @Test
    void isSpokenWhereBothCan() {
        assertThat(client(config(Connections.DEFAULTS)).chat().ask(QUESTION).text())
                .isEqualTo("one");
        assertThat(client().chat().ask(QUESTION).text()).isEqualTo("one");
        assertThat(spoken).hasSize(2).allSatisfy(version -> assertThat(version.getMajor())
                .isEqualTo(2));
    }

    @Test
    void isNotSpokenWhereItIsSwitchedOff() {
        assertThat(client(config(Connections.DEFAULTS.withoutHttp2()))
                        .chat()
                        .ask(QUESTION)
                        .text())
                .isEqualTo("one");
        assertThat(spoken).singleElement().satisfies(version -> assertThat(version.getMajor())
                .isEqualTo(1));
    }

    @Test
    void carriesMoreThanAnyWindow() {
        repeated = 2000;
        frames = "data: " + message("x".repeat(5000)) + "\n\n";
        int read = 0;
        try (DifyStream stream = client(config(Connections.DEFAULTS)).chat().stream(QUESTION)) {
            for (DifyEvent event : stream) {
                read += event instanceof DifyEvent.Message message
                        ? message.answer().length()
                        : 0;
            }
        }
        assertThat(read).isEqualTo(2000 * 5000);
    }

    @Test
    void aReaderWhoLeavesIsNotSentMore() throws Exception {
        repeated = Integer.MAX_VALUE;
        try (DifyClient dify = DifyClient.create(config(Connections.DEFAULTS)
                .withTimeouts(TIMEOUTS.toBuilder()
                        .stopDrain(java.time.Duration.ofMillis(100))
                        .build()))) {
            DifyStream stream = dify.chat().stream(QUESTION);
            assertThat(stream.iterator().hasNext()).isTrue();
            stream.close();
            left.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void isSentAgainWhereTheServerSaysThatItDidNotLook() {
        refusal = H2Error.REFUSED_STREAM;
        refusals = 2;
        assertThat(client(config(Connections.DEFAULTS)).chat().ask(QUESTION).text())
                .isEqualTo("one");
        assertThat(requests).hasValue(3);
    }

    @Test
    void isSentOnceWhereTheServerOnlyBreaksOff() throws Exception {
        refusal = H2Error.INTERNAL_ERROR;
        refusals = 1;
        assertThat(failureOf(client(config(Connections.DEFAULTS)).chat().stream(QUESTION)))
                .isInstanceOf(DifyException.class);
        assertThat(requests).hasValue(1);
    }
}
