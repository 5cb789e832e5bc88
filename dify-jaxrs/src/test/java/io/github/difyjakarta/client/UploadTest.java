package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.CallOptions;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Limits;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.file.UploadedFile;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on their way to Dify: whole, in pieces, and with nothing left of them however they end. */
class UploadTest extends ClientTest {
    private static final String STORED = "{\"id\":\"f1\",\"name\":\"n\",\"size\":1}";
    private static final int MIB = 1024 * 1024;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path files;

    /** What becomes of an upload. */
    private interface Source {
        Upload of(String name, byte[] content, Path directory) throws IOException;
    }

    static Stream<Arguments> sources() {
        Source file = (name, content, directory) ->
                Upload.of(Files.write(directory.resolve("file"), content)).named(name);
        Source memory = (name, content, directory) -> Upload.of(name, content);
        Source stream = (name, content, directory) ->
                Upload.of(name, Files.newInputStream(Files.write(directory.resolve("stream"), content)));
        return Stream.of(
                argumentSet("a file", file, true),
                argumentSet("memory", memory, true),
                argumentSet("a stream", stream, false));
    }

    @ParameterizedTest
    @MethodSource("sources")
    void sendsAFormThatIsReadAsItWasMeant(Source source, boolean lengthKnown) throws Exception {
        byte[] content = new byte[300_001];
        new Random(1).nextBytes(content);
        CompletableFuture<HandServer.Request> head = new CompletableFuture<>();
        CompletableFuture<FormParser.Form> form = new CompletableFuture<>();
        try (HandServer server = new HandServer(peer -> {
            HandServer.Request request = peer.read();
            head.complete(request);
            byte[] body = request.body().readAllBytes();
            peer.answer("201 CREATED", "application/json", STORED);
            form.complete(FormParser.parse(request.header("content-type"), body));
        })) {
            Upload upload = source.of("Übersicht \"4711\".pdf", content, files);
            UploadedFile stored = client(at(server)).files().upload("ada \u20ac", upload.as("application/pdf"));
            assertThat(stored.id()).isEqualTo("f1");
            FormParser.Form parts = form.get(10, TimeUnit.SECONDS);
            assertThat(parts.parts()).containsOnlyKeys("user", "file");
            assertThat(parts.part("user").text()).isEqualTo("ada \u20ac");
            assertThat(parts.part("file").fileName()).isEqualTo("Übersicht %224711%22.pdf");
            assertThat(parts.part("file").mediaType()).isEqualTo("application/pdf");
            assertThat(parts.part("file").content()).isEqualTo(content);
            assertThat(head.join().headers().containsKey("content-length")).isEqualTo(lengthKnown);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nX-Evil: 1\r\n\r\nb.txt", "back\\slash.txt", "日本語.txt", "a;b='c'.txt"})
    void keepsAnyFileNameInItsPlace(String name) throws Exception {
        CompletableFuture<FormParser.Form> form = new CompletableFuture<>();
        try (HandServer server = new HandServer(peer -> {
            HandServer.Request request = peer.read();
            form.complete(FormParser.parse(
                    request.header("content-type"), request.body().readAllBytes()));
            peer.answer("201 CREATED", "application/json", STORED);
        })) {
            client(at(server)).files().upload("ada", Upload.of(name, new byte[] {1}));
            assertThat(form.get(10, TimeUnit.SECONDS).part("file").fileName())
                    .isEqualTo(name.replace("\r", "%0D").replace("\n", "%0A"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65_535, 65_536, 65_537})
    void sendsFilesOfAnyLength(int length) throws Exception {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        CompletableFuture<FormParser.Form> form = new CompletableFuture<>();
        List<Long> progress = new CopyOnWriteArrayList<>();
        try (HandServer server = new HandServer(peer -> {
            HandServer.Request request = peer.read();
            form.complete(FormParser.parse(
                    request.header("content-type"), request.body().readAllBytes()));
            peer.answer("201 CREATED", "application/json", STORED);
        })) {
            client(at(server))
                    .files()
                    .upload("ada", Upload.of("x", content).telling((sent, total) -> progress.add(sent)));
            assertThat(form.get(10, TimeUnit.SECONDS).part("file").content()).isEqualTo(content);
            assertThat(progress).last().isEqualTo((long) length);
        }
    }

    /** Bytes made as they are read, which tells how many were and whether somebody closed it. */
    private static class Made extends InputStream {
        final AtomicLong given = new AtomicLong();
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        final CRC32 sum = new CRC32();
        private final long length;
        private final Random random = new Random(7);

        Made(long length) {
            this.length = length;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("byte by byte");
        }

        @Override
        public int read(byte[] target, int offset, int most) throws IOException {
            int count = (int) Math.min(most, length - given.get());
            if (count == 0) {
                return -1;
            }
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            sum.update(bytes);
            System.arraycopy(bytes, 0, target, offset, count);
            given.addAndGet(count);
            return count;
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }

    @Test
    void holdsNoMoreOfALargeFileThanGoesOut() throws Exception {
        long length = 64L * MIB;
        Made source = new Made(length);
        CountDownLatch stopsReading = new CountDownLatch(1);
        CompletableFuture<Long> received = new CompletableFuture<>();
        CRC32 sum = new CRC32();
        try (HandServer server = new HandServer(peer -> {
            HandServer.Request request = peer.read();
            stopsReading.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            FileBytes file = new FileBytes(request.body(), sum, length);
            received.complete(file.read());
            peer.answer("201 CREATED", "application/json", STORED);
        })) {
            List<Long> progress = new CopyOnWriteArrayList<>();
            CompletableFuture<UploadedFile> upload = client(at(server))
                    .files()
                    .uploadAsync("ada", Upload.of("large.bin", source).telling((sent, total) -> {
                        assertThat(total).isEmpty();
                        progress.add(sent);
                    }));
            Steady.await(source.given::get, PATIENCE);
            assertThat(source.given.get())
                    .as("what the kernel takes, and a buffer, while the server reads nothing")
                    .isLessThan(10L * MIB);
            stopsReading.countDown();
            upload.get(30, TimeUnit.SECONDS);
            assertThat(received.join()).isEqualTo(length);
            assertThat(sum.getValue()).isEqualTo(source.sum.getValue());
            assertThat(progress).isSorted().last().isEqualTo(length);
            source.closed.get(10, TimeUnit.SECONDS);
        }
    }

    /** The bytes of the file in a form, without keeping them. */
    private record FileBytes(InputStream body, CRC32 sum, long length) {
        long read() throws IOException {
            // The file is the last part: its head ends with the second empty line.
            for (int lines = 0, state = 0; lines < 2; ) {
                int next = body.read();
                state = next == '\r' || next == '\n' ? state + 1 : 0;
                if (state == 4) {
                    lines++;
                    state = 0;
                }
            }
            byte[] piece = new byte[64 * 1024];
            long read = 0;
            while (read < length) {
                int count = body.read(piece, 0, (int) Math.min(piece.length, length - read));
                if (count < 0) {
                    return read;
                }
                sum.update(piece, 0, count);
                read += count;
            }
            body.transferTo(OutputStream.nullOutputStream());
            return read;
        }
    }

    @Test
    void tellsOfASourceThatFailsAndLeavesNothing() throws Exception {
        CompletableFuture<Void> left = new CompletableFuture<>();
        Made source = new Made(10L * MIB) {
            @Override
            public int read(byte[] target, int offset, int most) throws IOException {
                if (given.get() > MIB) {
                    throw new IOException("the disk /secret/path is gone");
                }
                return super.read(target, offset, most);
            }
        };
        try (HandServer server = new HandServer(peer -> {
            peer.awaitEnd();
            left.complete(null);
        })) {
            assertThat(failureOf(client(at(server)).files().uploadAsync("ada", Upload.of("x.bin", source))))
                    .isInstanceOfSatisfying(DifyConnectionException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(DifyConnectionException.UNREADABLE);
                        assertThat(failure).hasMessageNotContaining("secret");
                    });
            left.get(10, TimeUnit.SECONDS);
            source.closed.get(10, TimeUnit.SECONDS);
            assertThat(server.accepted()).isEqualTo(1);
        }
    }

    /** As a server's do that has ended the request whose threads they are. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void threadsThatThrowAnythingEndTheirUploadAlone(int readings) throws Exception {
        AtomicInteger left = new AtomicInteger(readings);
        Executor ended = task -> {
            if (left.getAndDecrement() <= 0) {
                throw new NullPointerException("the request is over");
            }
            ForkJoinPool.commonPool().execute(task);
        };
        Upload upload = Upload.of("a.bin", new Made(MIB)).readBy(ended);
        assertThat(failureOf(client().files().uploadAsync("ada", upload)))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.UNREADABLE));
        assertThat(client().files()
                        .upload("ada", Upload.of("b.txt", new byte[1]))
                        .name())
                .isEqualTo("b.txt");
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 300_000})
    void tellsOfAFileThatIsNoLongerAsLongAsItWas(int length) throws Exception {
        Path file = Files.write(files.resolve("log"), new byte[200_000]);
        Upload upload = Upload.of(file);
        Files.write(file, new byte[length]);
        CompletableFuture<Void> left = new CompletableFuture<>();
        try (HandServer server = new HandServer(peer -> {
            peer.awaitEnd();
            left.complete(null);
        })) {
            assertThat(failureOf(client(at(server)).files().uploadAsync("ada", upload)))
                    .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                            .isEqualTo(DifyConnectionException.UNREADABLE));
            left.get(10, TimeUnit.SECONDS);
        }
    }

    /** As nginx does: answers, then throws away what still comes. */
    @Test
    void takesARefusalThatComesWhileItSends() throws Exception {
        for (int round = 0; round < 20; round++) {
            Made source = new Made(64L * MIB);
            try (HandServer server = new HandServer(peer -> {
                        peer.read().body().readNBytes(200_000);
                        peer.write("HTTP/1.1 413 Request Entity Too Large\r\nConnection: close\r\n"
                                + "Content-Type: text/html\r\nContent-Length: 4\r\n\r\nhtml");
                        peer.socket().shutdownOutput();
                        peer.awaitEnd();
                    });
                    DifyClient dify = DifyClient.create(at(server))) {
                assertThat(failureOf(dify.files().uploadAsync("ada", Upload.of("x.bin", source))))
                        .isInstanceOfSatisfying(DifyApiException.class, failure -> assertThat(failure.status())
                                .isEqualTo(413));
                source.closed.get(10, TimeUnit.SECONDS);
                assertThat(source.given.get()).isLessThan(64L * MIB);
            }
        }
    }

    /** As Dify's bare server does: what it has not read makes its close a reset, which may overtake the answer. */
    @Test
    void doesNotHangOnAServerThatRefusesAndLeaves() throws Exception {
        int heard = 0;
        for (int round = 0; round < 20; round++) {
            try (HandServer server = new HandServer(peer -> {
                        peer.read().body().readNBytes(200_000);
                        peer.answer(
                                "413 Too Large", "application/json", "{\"code\":\"file_too_large\",\"message\":\"\"}");
                    });
                    DifyClient dify = DifyClient.create(at(server))) {
                Throwable failure = failureOf(dify.files().uploadAsync("ada", Upload.of("x.bin", new Made(64L * MIB))));
                heard += failure instanceof DifyApiException api && api.code().equals("file_too_large") ? 1 : 0;
                assertThat(failure).isInstanceOfAny(DifyApiException.class, DifyConnectionException.class);
            }
        }
        assertThat(heard).as("refusals that were not lost").isGreaterThan(0);
    }

    @Test
    void takesItsTimeAsLongAsBytesMove() throws Exception {
        Timeouts hasty = TIMEOUTS.toBuilder().blocking(Duration.ofMillis(400)).build();
        CountDownLatch never = new CountDownLatch(1);
        try (HandServer server = new HandServer(peer -> {
            InputStream body = peer.read().body();
            for (int i = 0; i < 8; i++) {
                never.await(100, TimeUnit.MILLISECONDS);
                body.readNBytes(2 * MIB);
            }
            body.transferTo(OutputStream.nullOutputStream());
            peer.answer("201 CREATED", "application/json", STORED);
        })) {
            assertThat(client(at(server).withTimeouts(hasty))
                            .files()
                            .upload("ada", Upload.of("x.bin", new Made(20L * MIB)))
                            .id())
                    .isEqualTo("f1");
        }
    }

    @Test
    void aDeadlineOfTheCallersHoldsHoweverMuchMoves() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (HandServer server = new HandServer(peer -> {
            InputStream body = peer.read().body();
            while (body.readNBytes(MIB).length > 0) {
                never.await(50, TimeUnit.MILLISECONDS);
            }
        })) {
            DifyClient hasty = client(at(server)).with(CallOptions.NONE.deadline(Duration.ofMillis(600)));
            assertThat(failureOf(hasty.files().uploadAsync("ada", Upload.of("x.bin", new Made(1024L * MIB)))))
                    .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                            .isEqualTo(DifyConnectionException.TIMEOUT));
        }
    }

    @Test
    void givesUpOnAServerThatTakesNoMore() throws Exception {
        Timeouts hasty = TIMEOUTS.toBuilder().blocking(Duration.ofMillis(300)).build();
        CountDownLatch done = new CountDownLatch(1);
        Made source = new Made(64L * MIB);
        try (HandServer server = new HandServer(peer -> {
            peer.read();
            done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        })) {
            assertThat(failureOf(
                            client(at(server).withTimeouts(hasty)).files().uploadAsync("ada", Upload.of("x", source))))
                    .isInstanceOfSatisfying(DifyConnectionException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(DifyConnectionException.TIMEOUT);
                        assertThat(failure.runMayHaveStarted()).isTrue();
                    });
            source.closed.get(10, TimeUnit.SECONDS);
            done.countDown();
        }
    }

    @Test
    void cancellingClosesSourceAndConnection() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Void> left = new CompletableFuture<>();
        Made source = new Made(Long.MAX_VALUE);
        try (HandServer server = new HandServer(peer -> {
            peer.read().body().readNBytes(MIB);
            begun.countDown();
            peer.awaitEnd();
            left.complete(null);
        })) {
            CompletableFuture<UploadedFile> upload =
                    client(at(server)).files().uploadAsync("ada", Upload.of("x.bin", source));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            upload.cancel(true);
            source.closed.get(10, TimeUnit.SECONDS);
            left.get(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void cancellingClosesTheFile() throws Exception {
        Path open = Path.of("/proc/self/fd");
        org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(open), "only Linux tells which files are open");
        Path file = Files.write(files.resolve("large.bin"), new byte[32 * MIB]);
        CountDownLatch begun = new CountDownLatch(1);
        try (HandServer server = new HandServer(peer -> {
            peer.read().body().readNBytes(MIB);
            begun.countDown();
            new CountDownLatch(1).await();
        })) {
            CompletableFuture<UploadedFile> upload = client(at(server)).files().uploadAsync("ada", Upload.of(file));
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(isOpen(open, file)).isTrue();
            upload.cancel(true);
            Eventually.holds("the file is closed", PATIENCE, () -> !isOpen(open, file));
        }
    }

    private static boolean isOpen(Path descriptors, Path file) {
        try (Stream<Path> all = Files.list(descriptors)) {
            return all.anyMatch(descriptor -> {
                try {
                    return Files.readSymbolicLink(descriptor).equals(file.toRealPath());
                } catch (IOException e) {
                    return false; // closed meanwhile
                }
            });
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Gives nothing until it is closed. */
    private static final class Blocked extends InputStream {
        final CompletableFuture<Void> entered = new CompletableFuture<>();
        final CompletableFuture<Void> closed = new CompletableFuture<>();

        @Override
        public int read() throws IOException {
            entered.complete(null);
            closed.join();
            throw new IOException("closed");
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return read();
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }

    @Test
    void manySourcesThatBlockKeepNobodyElseWaiting() throws Exception {
        List<Blocked> sources = new ArrayList<>();
        List<CompletableFuture<?>> uploads = new ArrayList<>();
        for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism() + 4; i++) {
            Blocked source = new Blocked();
            sources.add(source);
            uploads.add(client().files().uploadAsync("ada", Upload.of("blocked.bin", source)));
        }
        for (Blocked source : sources) {
            source.entered.get(10, TimeUnit.SECONDS);
        }
        assertThat(client().chat().ask(QUESTION).text()).as("another stream").isNotEmpty();
        dify.nextAt("POST", "/files/upload", Script.json(201, STORED));
        assertThat(client().files()
                        .upload("ada", Upload.of("a.txt", new byte[] {1}))
                        .id())
                .as("another upload")
                .isEqualTo("f1");
        for (CompletableFuture<?> upload : uploads) {
            upload.cancel(true);
        }
        for (Blocked source : sources) {
            source.closed.get(10, TimeUnit.SECONDS);
        }
        dify.awaitOpenConnections(0, PATIENCE);
    }

    @Test
    void closesAStreamThatWasNeverSentSinceNobodyListens() throws Exception {
        dify.close();
        Made source = new Made(MIB);
        assertThat(failureOf(client().files().uploadAsync("ada", Upload.of("x.bin", source))))
                .isInstanceOf(DifyConnectionException.class);
        source.closed.get(10, TimeUnit.SECONDS);
        assertThat(source.given.get()).isZero();
    }

    @Test
    void closesAStreamThatWasNeverSentSinceNoPlaceCameFree() throws Exception {
        DifyConfig one = config().withLimits(new Limits(1, 1 << 20, 1024, 4096))
                .withTimeouts(
                        TIMEOUTS.toBuilder().acquire(Duration.ofMillis(50)).build());
        dify.next(Script.stream().event(message("one")).silence());
        client(one).chat().askAsync(QUESTION);
        Made source = new Made(MIB);
        assertThat(failureOf(client().files().uploadAsync("ada", Upload.of("x.bin", source))))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.BUSY));
        source.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void closesAStreamThatWasNeverSentSinceTheClientIsClosed() throws Exception {
        client().close();
        Made source = new Made(MIB);
        assertThat(failureOf(client().files().uploadAsync("ada", Upload.of("x.bin", source))))
                .isInstanceOf(DifyConnectionException.class);
        source.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void aListenerThatFailsEndsItsUploadAlone() throws Exception {
        assertThat(failureOf(client().files()
                        .uploadAsync("ada", Upload.of("a.txt", new byte[MIB]).telling((sent, total) -> {
                            throw new IllegalStateException("a defect of the test's");
                        }))))
                .isInstanceOf(DifyConnectionException.class);
        dify.awaitOpenConnections(0, PATIENCE);
        assertThat(client().chat().ask(QUESTION).text()).isNotEmpty();
    }

    @Test
    void sendsAFileOnceMoreWithoutGoingBackInItsProgress() throws Exception {
        dify.nextAt(
                "POST",
                "/files/upload",
                Script.json(429, "{\"code\":\"too_many_requests\",\"message\":\"m\",\"status\":429}"));
        dify.nextAt("POST", "/files/upload", Script.json(201, STORED));
        Path file = Files.writeString(files.resolve("a.txt"), "x".repeat(200_000), UTF_8);
        List<Long> progress = new CopyOnWriteArrayList<>();
        List<OptionalLong> totals = new CopyOnWriteArrayList<>();
        client().files().upload("ada", Upload.of(file).telling((sent, total) -> {
            progress.add(sent);
            totals.add(total);
        }));
        assertThat(dify.requests()).hasSize(2);
        assertThat(progress).isSorted().doesNotHaveDuplicates().last().isEqualTo(200_000L);
        assertThat(totals).containsOnly(OptionalLong.of(200_000));
    }

    private DifyConfig at(HandServer server) {
        return DifyConfig.of(server.url(), new ApiKey("app-x"))
                .withTimeouts(TIMEOUTS)
                .withRetry(QUICK_RETRY);
    }
}
