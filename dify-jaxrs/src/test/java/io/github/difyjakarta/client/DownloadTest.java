package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.audio.SpeechRequest;
import io.github.difyjakarta.client.call.Download;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.CallOptions;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files on their way from Dify: as fast as they are taken, whole or not at all. */
class DownloadTest extends ClientTest {
    private static final String ID = "b2c5ce5a-3f11-4a6c-8f0e-1d2d8a1c7e55";
    private static final SpeechRequest SPEECH = SpeechRequest.ofText("ada", "hello");
    private static final int MIB = 1024 * 1024;
    private static final Duration SHORT = Duration.ofMillis(300);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path files;

    private static byte[] random(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    /** Answers each request with a file, its length announced or not. */
    private static HandServer serving(byte[] content, boolean lengthKnown) {
        return new HandServer(peer -> {
            while (true) {
                peer.read();
                send(peer, content, lengthKnown);
            }
        });
    }

    private static void send(HandServer.Peer peer, byte[] content, boolean lengthKnown) throws IOException {
        peer.write("HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n"
                + "Content-Disposition: attachment; filename*=UTF-8''%C3%9Cbersicht.pdf\r\n"
                + (lengthKnown ? "Content-Length: " + content.length : "Transfer-Encoding: chunked")
                + "\r\n\r\n");
        if (lengthKnown) {
            peer.out().write(content);
            return;
        }
        for (int from = 0; from < content.length; from += 10_000) {
            int size = Math.min(10_000, content.length - from);
            peer.write(Integer.toHexString(size) + "\r\n");
            peer.out().write(content, from, size);
            peer.write("\r\n");
        }
        peer.write("0\r\n\r\n");
    }

    @Test
    void takesAFileInWhicheverWayItIsWanted() throws Exception {
        byte[] content = random(3 * MIB + 1);
        for (boolean lengthKnown : new boolean[] {true, false}) {
            try (HandServer server = serving(content, lengthKnown);
                    DifyClient dify = DifyClient.create(at(server))) {
                Download<byte[]> bytes = dify.files().preview(ID);
                assertThat(bytes.body()).isEqualTo(content);
                assertThat(bytes.mediaType()).isEqualTo("application/pdf");
                assertThat(bytes.fileName()).contains("Übersicht.pdf");
                assertThat(bytes.length().isPresent()).isEqualTo(lengthKnown);
                Path target = Files.writeString(files.resolve("target"), "longer than it".repeat(MIB));
                assertThat(dify.files().preview(ID, target).body()).isEqualTo(target);
                assertThat(Files.readAllBytes(target)).isEqualTo(content);
                try (InputStream stream = dify.files().previewStream(ID).body()) {
                    assertThat(stream.readAllBytes()).isEqualTo(content);
                }
            }
        }
    }

    @Test
    void asksForNoMoreWhileItsReaderStops() throws Exception {
        byte[] piece = random(MIB);
        AtomicLong written = new AtomicLong();
        try (HandServer server = new HandServer(peer -> {
                    peer.read();
                    peer.write(
                            "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: " + 64L * MIB + "\r\n\r\n");
                    for (int i = 0; i < 64; i++) {
                        peer.out().write(piece);
                        written.addAndGet(piece.length);
                    }
                    peer.awaitEnd();
                });
                InputStream stream =
                        client(at(server)).files().previewStream(ID).body()) {
            byte[] first = stream.readNBytes(1000);
            assertThat(first).isEqualTo(java.util.Arrays.copyOf(piece, 1000));
            Steady.await(written::get, PATIENCE);
            assertThat(written.get()).as("the kernel's buffers, and a window").isLessThan(20L * MIB);
            long rest = 0;
            byte[] target = new byte[MIB];
            for (int count = stream.read(target); count >= 0; count = stream.read(target)) {
                for (int i = 0; i < count; i += 4099) {
                    assertThat(target[i]).isEqualTo(piece[(int) ((1000 + rest + i) % MIB)]);
                }
                rest += count;
            }
            assertThat(rest + 1000).isEqualTo(64L * MIB);
        }
    }

    @Test
    void aReaderThatPausesIsNotTooLate() throws Exception {
        byte[] content = random(4 * MIB);
        try (HandServer server = serving(content, true);
                InputStream stream =
                        client(hasty(server)).files().previewStream(ID).body()) {
            byte[] first = stream.readNBytes(1000);
            assertThat(new CountDownLatch(1).await(2 * SHORT.toMillis(), TimeUnit.MILLISECONDS))
                    .isFalse();
            assertThat(first.length + stream.readAllBytes().length).isEqualTo(content.length);
        }
    }

    @Test
    void givesUpOnAFileWhoseRestDoesNotCome() {
        try (HandServer server = new HandServer(peer -> {
            peer.read();
            peer.write("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 10\r\n\r\n12345");
            peer.awaitEnd();
        })) {
            assertThatThrownBy(() -> client(hasty(server)).files().preview(ID))
                    .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                            .isEqualTo(DifyConnectionException.TIMEOUT));
            Eventually.holds("the connection is closed", PATIENCE, () -> server.open() == 0);
        }
    }

    @Test
    void closingTheStreamClosesTheConnection() throws Exception {
        CompletableFuture<Void> left = new CompletableFuture<>();
        try (HandServer server = new HandServer(peer -> {
            peer.read();
            peer.write("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 1000000\r\n\r\n12345");
            peer.awaitEnd();
            left.complete(null);
        })) {
            InputStream stream = client(at(server)).files().previewStream(ID).body();
            assertThat(stream.read()).isEqualTo('1');
            stream.close();
            left.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void cancellingClosesTheConnection() throws Exception {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        CompletableFuture<Void> left = new CompletableFuture<>();
        try (HandServer server = new HandServer(peer -> {
            peer.read();
            peer.write("HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: 1000000\r\n\r\n12345");
            begun.complete(null);
            peer.awaitEnd();
            left.complete(null);
        })) {
            CompletableFuture<?> download = client(at(server)).files().previewAsync(ID, BodySubscribers.ofByteArray());
            begun.get(10, TimeUnit.SECONDS);
            download.cancel(true);
            left.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFileThatIsCutIsNoFile() throws Exception {
        dify.nextAt(
                "GET",
                "/files/*",
                Script.stream().contentType("image/png").raw("half").cut());
        assertThatThrownBy(() -> client().files().preview(ID)).isInstanceOf(DifyConnectionException.class);
        dify.nextAt(
                "GET",
                "/files/*",
                Script.stream().contentType("image/png").raw("half").cut());
        assertThatThrownBy(() -> client().files().preview(ID, files.resolve("cut")))
                .isInstanceOf(DifyConnectionException.class);
        dify.nextAt(
                "GET",
                "/files/*",
                Script.stream().contentType("image/png").raw("half").cut());
        try (InputStream stream = client().files().previewStream(ID).body()) {
            assertThatThrownBy(stream::readAllBytes).isInstanceOf(IOException.class);
        }
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void speechOfNothingIsNotFound() {
        dify.nextAt("POST", "/text-to-audio", Script.json(200, "null\n"));
        assertThatThrownBy(() -> client().audio().speak(SPEECH))
                .isInstanceOfSatisfying(DifyApiException.class, failure -> {
                    assertThat(failure.status()).isEqualTo(404);
                    assertThat(failure.code()).isEqualTo("not_found");
                });
    }

    @Test
    void aRefusalIsNeverTakenForSpeech() {
        dify.nextAt(
                "POST",
                "/text-to-audio",
                Script.json(200, "{\"code\":\"invalid_param\",\"message\":\"TTS is not enabled\",\"status\":400}"));
        Path target = files.resolve("speech.mp3");
        assertThatThrownBy(() -> client().audio().speak(SPEECH, target))
                .isInstanceOfSatisfying(DifyApiException.class, failure -> assertThat(failure.code())
                        .isEqualTo("invalid_param"));
        assertThat(target).doesNotExist();
    }

    @Test
    void aPageIsNeverTakenForSpeech() {
        dify.nextAt("POST", "/text-to-audio", Script.html(200, "<h1>Please log in</h1>"));
        assertThatThrownBy(() -> client().audio().speak(SPEECH))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.NOT_DIFY));
    }

    @Test
    void aDeadlineOfTheCallersHoldsHoweverMuchComes() {
        Script endless = Script.stream().contentType("audio/mpeg");
        for (int i = 0; i < 100; i++) {
            endless = endless.raw("ID3").pause(Duration.ofMillis(50));
        }
        dify.nextAt("POST", "/text-to-audio", endless);
        DifyClient hasty = client().with(CallOptions.NONE.deadline(Duration.ofMillis(600)));
        assertThatThrownBy(() -> hasty.audio().speak(SPEECH))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.TIMEOUT));
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void aFileOfJsonIsAFile() {
        dify.nextAt("GET", "/files/*", Script.json(200, "{\"code\":\"mine\",\"status\":400}"));
        assertThat(client().files().preview(ID).body()).asString().isEqualTo("{\"code\":\"mine\",\"status\":400}");
        dify.nextAt("GET", "/files/*", Script.json(200, "null"));
        assertThat(client().files().preview(ID).body()).asString().isEqualTo("null");
    }

    @Test
    void anEmptyFileIsAFile() {
        dify.nextAt("GET", "/files/*", Script.html(200, ""));
        assertThat(client().files().preview(ID).body()).isEmpty();
    }

    @Test
    void tellsOfATargetThatCannotBeWritten() {
        dify.nextAt("GET", "/files/*", Script.html(200, "text"));
        assertThatThrownBy(() ->
                        client().files().preview(ID, files.resolve("missing").resolve("file")))
                .isInstanceOf(UncheckedIOException.class);
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void closingTheClientEndsWhatIsUnderWay() throws Exception {
        dify.nextAt(
                "GET",
                "/files/*",
                Script.stream().contentType("image/png").raw("half").silence());
        dify.nextAt("GET", "/parameters", Script.stream().silence());
        DifyClient own = DifyClient.create(config());
        CompletableFuture<?> download = own.files().previewAsync(ID, BodySubscribers.ofByteArray());
        CompletableFuture<?> read = own.app().parametersAsync();
        dify.awaitRequest(request -> request.path().startsWith("/files"), PATIENCE);
        dify.awaitRequest(request -> request.path().startsWith("/parameters"), PATIENCE);
        own.close();
        for (CompletableFuture<?> call : List.of(download, read)) {
            assertThat(failureOf(call))
                    .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                            .isEqualTo(DifyConnectionException.CANCELLED));
        }
        dify.awaitOpenConnections(0, PATIENCE);
        assertThat(dify.requests()).as("nothing is asked again").hasSize(2);
    }

    @Test
    void handsOutNothingThatWasNotAskedFor() throws Exception {
        byte[] content = random(2 * MIB);
        try (HandServer server = serving(content, true)) {
            Frugal taker = new Frugal(content.length);
            CompletableFuture<Download<byte[]>> download =
                    client(at(server)).files().previewAsync(ID, taker);
            assertThat(download.get(20, TimeUnit.SECONDS).body()).isEqualTo(content);
            assertThat(taker.excess.get()).isZero();
        }
    }

    /** Asks for one piece after the other, each from another thread. */
    private static final class Frugal implements java.net.http.HttpResponse.BodySubscriber<byte[]> {
        final AtomicLong excess = new AtomicLong();
        private final AtomicLong asked = new AtomicLong();
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteBuffer whole;
        private final CompletableFuture<java.util.concurrent.Flow.Subscription> subscription =
                new CompletableFuture<>();

        Frugal(int length) {
            this.whole = ByteBuffer.allocate(length);
        }

        private void ask() {
            CompletableFuture.runAsync(() -> {
                asked.incrementAndGet();
                subscription.join().request(1);
            });
        }

        @Override
        public CompletableFuture<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(java.util.concurrent.Flow.Subscription given) {
            subscription.complete(given);
            ask();
        }

        @Override
        public void onNext(List<ByteBuffer> piece) {
            if (asked.decrementAndGet() < 0) {
                excess.incrementAndGet();
            }
            piece.forEach(whole::put);
            ask();
        }

        @Override
        public void onError(Throwable failure) {
            body.completeExceptionally(failure);
        }

        @Override
        public void onComplete() {
            body.complete(whole.array());
        }
    }

    private DifyConfig at(HandServer server) {
        return DifyConfig.of(server.url(), new ApiKey("app-x"))
                .withTimeouts(TIMEOUTS)
                .withRetry(QUICK_RETRY);
    }

    private DifyConfig hasty(HandServer server) {
        Timeouts hasty = TIMEOUTS.toBuilder().blocking(SHORT).build();
        return at(server).withTimeouts(hasty);
    }
}
