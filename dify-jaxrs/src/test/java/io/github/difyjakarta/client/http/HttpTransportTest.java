package io.github.difyjakarta.client.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class HttpTransportTest {
    private final DifySimulator server = DifySimulator.start();
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final HttpTransport transport = new HttpTransport(HttpTransport.Settings.DEFAULTS, timer);

    @AfterEach
    void close() {
        transport.close();
        timer.shutdownNow();
        server.close();
    }

    private HttpTransport.Call question() {
        return new HttpTransport.Call(
                "POST",
                URI.create(server.url() + "/chat-messages"),
                Map.of("Authorization", "Bearer " + server.key(), "Content-Type", "application/json"),
                "{}".getBytes(UTF_8),
                Optional.empty(),
                Duration.ofSeconds(5));
    }

    private static class Recorder implements HttpTransport.Handler {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        final CompletableFuture<String> ended = new CompletableFuture<>();

        private @Nullable HttpExchange exchange;

        @Override
        public void onExchange(HttpExchange begun) {
            exchange = begun;
        }

        @Override
        public void onSending() {}

        @Override
        public void onSent() {}

        @Override
        public void onHead(HttpTransport.Head head) {}

        @Override
        public void onBody(ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.get(copy);
            body.writeBytes(copy);
            if (exchange != null) {
                exchange.read(copy.length);
            }
        }

        @Override
        public void onPause() {}

        @Override
        public void onEnd() {
            ended.complete(body.toString(UTF_8));
        }

        @Override
        public void onFailure(Exception cause, boolean refused) {
            ended.completeExceptionally(cause);
        }
    }

    private enum Callback {
        SENDING,
        SENT,
        HEAD,
        BODY,
        PAUSE,
        END,
        FAILURE
    }

    private static final class Defective extends Recorder {
        private final Callback where;
        final CompletableFuture<Callback> thrown = new CompletableFuture<>();

        Defective(Callback where) {
            this.where = where;
        }

        private void at(Callback callback) {
            if (callback == where) {
                thrown.complete(callback);
                throw new IllegalStateException("a defect of the test's");
            }
        }

        @Override
        public void onSending() {
            at(Callback.SENDING);
        }

        @Override
        public void onSent() {
            at(Callback.SENT);
        }

        @Override
        public void onHead(HttpTransport.Head head) {
            at(Callback.HEAD);
        }

        @Override
        public void onBody(ByteBuffer bytes) {
            at(Callback.BODY);
        }

        @Override
        public void onPause() {
            at(Callback.PAUSE);
        }

        @Override
        public void onEnd() {
            at(Callback.END);
        }

        @Override
        public void onFailure(Exception cause, boolean refused) {
            at(Callback.FAILURE);
        }
    }

    /** All applications' requests run on the same few threads. */
    @ParameterizedTest
    @EnumSource(Callback.class)
    void servesTheNextRequestAfterAHandlerThatThrows(Callback where) throws Exception {
        for (int i = 0; i < 4; i++) {
            server.next(answerFor(where));
            Defective defective = new Defective(where);
            transport.send(question(), defective);
            assertThat(defective.thrown.get(10, TimeUnit.SECONDS)).isEqualTo(where);
        }
        for (int i = 0; i < 4; i++) {
            server.next(answerFor(Callback.END));
            Recorder sound = new Recorder();
            transport.send(question(), sound);
            assertThat(sound.ended.get(10, TimeUnit.SECONDS)).contains("answer");
        }
    }

    /** One in which the handler gets so far. */
    private static Script answerFor(Callback where) {
        return switch (where) {
            case PAUSE -> Script.stream().raw(": an event would do as well\n\n").silence();
            case FAILURE -> Script.stream().reset();
            default -> Script.json(200, "{\"answer\":\"yes\"}");
        };
    }

    @Test
    void passesOnABodyOfManyBuffersWhole() throws Exception {
        String text = "\"" + "0123456789".repeat(200_000) + "\"";
        server.next(Script.json(200, text));
        Recorder recorder = new Recorder();
        transport.send(question(), recorder);
        assertThat(recorder.ended.get(20, TimeUnit.SECONDS).equals(text)).isTrue();
    }
}
