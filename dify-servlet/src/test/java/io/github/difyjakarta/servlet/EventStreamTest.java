package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventStreamTest {

    private static final Duration PREAMBLE_AFTER = Duration.ofMillis(800);
    private static final int MAX_PENDING = 100_000;

    private final FakeTimer timer = new FakeTimer();
    private final FakeExchange exchange = new FakeExchange();
    private final EventStream stream = new EventStream(exchange, timer, timer::nanoTime, MAX_PENDING);

    @BeforeEach
    void hold() {
        stream.hold(PREAMBLE_AFTER, bytes(": open\n\n"));
        stream.writePossible();
        exchange.calls.clear();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private void send(String frame) throws IOException {
        stream.write(bytes(frame), 0, frame.length());
        stream.flush();
    }

    private boolean refuse() {
        return stream.refuse(429, Map.of("Retry-After", "7"), "application/problem+json", bytes("{}"));
    }

    private Head head() {
        return Objects.requireNonNull(exchange.head, "no head was sent");
    }

    @Test
    void sendsNothingWhileHeld() throws IOException {
        stream.contentType("text/event-stream");
        send("data: 1\n\n");
        assertThat(exchange.calls).isEmpty();
        assertThat(stream.pendingBytes()).isEqualTo(9);
        assertThat(stream.stalledFor()).isZero();
    }

    @Test
    void sendsHeadAndBufferOnReleaseInOneWriteAndOneFlush() throws IOException {
        stream.contentType("text/event-stream");
        send("data: 1\n\n");
        send("data: 2\n\n");
        stream.release();
        assertThat(exchange.calls).containsExactly("head", "write", "flush");
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: 2\n\n");
        assertThat(stream.pendingBytes()).isZero();
    }

    @Test
    void waitsForTheFrameworksHeadWhenReleasedEarly() throws IOException {
        stream.release();
        assertThat(exchange.calls).isEmpty();
        stream.contentType("text/event-stream");
        send("data: 1\n\n");
        assertThat(exchange.sent()).isEqualTo("data: 1\n\n");
    }

    @Test
    void sendsThePreambleFirstWhenNobodyDecidesInTime() throws IOException {
        send(": from the framework\n\n");
        timer.pass(PREAMBLE_AFTER.minusNanos(1));
        assertThat(exchange.calls).isEmpty();
        timer.pass(Duration.ofNanos(1));
        assertThat(exchange.sent()).isEqualTo(": open\n\n: from the framework\n\n");
        assertThat(head().contentType()).isEqualTo("text/event-stream;charset=UTF-8");
    }

    @Test
    void sendsThePreambleWithoutAnyWriteOfTheFramework() {
        stream.chainReturned();
        timer.pass(PREAMBLE_AFTER);
        assertThat(exchange.sent()).isEqualTo(": open\n\n");
    }

    @Test
    void refusesInPlaceOfTheStream() throws IOException {
        stream.contentType("text/event-stream");
        send(": preamble\n\n");
        assertThat(refuse()).isTrue();
        assertThat(exchange.sent()).isEqualTo("{}");
        assertThat(head().status()).isEqualTo(429);
        assertThat(head().values("retry-after")).containsExactly("7");
        assertThat(exchange.calls).endsWith("complete");
        assertThat(stream.isClosed()).isTrue();
        assertThat(timer.waiting()).isZero();
    }

    private boolean replace() {
        return stream.replace(200, Map.of("X-Content-Type-Options", "nosniff"), "audio/mpeg", OptionalLong.of(6));
    }

    @Test
    void sendsAFileInPlaceOfTheStreamPieceByPiece() throws IOException {
        stream.contentType("text/event-stream");
        send(": preamble\n\n");
        assertThat(replace()).isTrue();
        assertThat(head().contentType()).isEqualTo("audio/mpeg");
        assertThat(head().tellsLength()).isTrue();
        assertThat(exchange.sent()).isEmpty();
        stream.writeDirect(bytes("ID3"));
        stream.writeDirect(bytes("...")); // no frames among it
        assertThat(exchange.sent()).isEqualTo("ID3...");
        assertThat(exchange.completed).isFalse();
        stream.completedByFramework();
        stream.finish();
        assertThat(exchange.completed).isTrue();
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void dropsWhatTheFrameworkWritesIntoAFile() throws IOException {
        replace();
        stream.contentType("application/json");
        send("{}\n\n");
        stream.writeDirect(bytes("ID3"));
        timer.pass(PREAMBLE_AFTER);
        assertThat(exchange.sent()).isEqualTo("ID3");
    }

    @Test
    void doesNotSendAFileOnceTheHeadIsOut() throws IOException {
        send("data: 1\n\n");
        stream.release();
        assertThat(replace()).isFalse();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\n");
    }

    @Test
    void refusesOnce() {
        assertThat(refuse()).isTrue();
        assertThat(refuse()).isFalse();
    }

    @Test
    void doesNotRefuseOnceTheHeadIsOut() throws IOException {
        send("data: 1\n\n");
        stream.release();
        assertThat(refuse()).isFalse();
        assertThat(exchange.completed).isFalse();
    }

    @Test
    void swallowsWhatTheFrameworkWritesAfterARefusal() throws IOException {
        refuse();
        send("data: late\n\n");
        stream.completedByFramework();
        assertThat(exchange.sent()).isEqualTo("{}");
        assertThat(exchange.calls).containsOnlyOnce("complete");
    }

    @Test
    void waitsForTheContainersFirstCallBeforeItTouchesTheOutput() {
        EventStream early = new EventStream(exchange, timer, timer::nanoTime, MAX_PENDING);
        early.hold(PREAMBLE_AFTER, new byte[0]);
        early.refuse(429, Map.of(), "text/plain", bytes("no"));
        assertThat(exchange.calls).containsExactly("takeOver");
        early.writePossible();
        assertThat(exchange.calls).containsExactly("takeOver", "head", "write", "flush", "complete");
    }

    @Test
    void replacesTheHeldStreamByAnotherAnswerOfTheFramework() throws IOException {
        stream.contentType("text/event-stream");
        send(": preamble\n\n");
        stream.change(answer -> answer.changeHead(head -> head.contentLength(8)));
        stream.contentType("application/json");
        stream.change(answer -> answer.changeHead(head -> head.status(409)));
        send("{\"a\": 1}");
        timer.pass(PREAMBLE_AFTER);
        assertThat(exchange.calls).isEmpty();
        stream.completedByFramework();
        assertThat(exchange.sent()).isEqualTo("{\"a\": 1}");
        assertThat(head().status()).isEqualTo(409);
        assertThat(exchange.completed).isTrue();
    }

    @Test
    void dropsAnotherAnswerOnceTheHeadIsOut() throws IOException {
        stream.contentType("text/event-stream");
        send("data: 1\n\n");
        stream.release();
        stream.contentType("application/json");
        send("{}\n\n");
        stream.writeDirect(bytes("data: error\n\n"));
        stream.finish();
        stream.completedByFramework();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: error\n\n");
        assertThat(exchange.completed).isTrue();
    }

    @Test
    void answersWithABareStatus() {
        stream.change(answer -> answer.bare(Head.of(404, Map.of(), null, 0)));
        stream.completedByFramework();
        assertThat(exchange.calls).containsExactly("head", "flush", "complete");
        assertThat(head().status()).isEqualTo(404);
    }

    @Test
    void completesOnlyWhenEverythingWasTaken() throws IOException {
        exchange.room = 4;
        send("data: 1\n\n");
        send("data: 2\n\n");
        stream.release();
        stream.completedByFramework();
        stream.finish();
        assertThat(exchange.completed).isFalse();
        exchange.room = Integer.MAX_VALUE;
        stream.writePossible();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: 2\n\n");
        assertThat(exchange.calls).endsWith("flush", "complete");
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void leavesTimeForATerminalEventWhenTheFrameworkCompletes() throws IOException {
        stream.contentType("text/event-stream");
        stream.release();
        send("data: 1\n\n");
        stream.write(bytes("data: a broken wri"), 0, 18);
        stream.completedByFramework();
        assertThat(exchange.completed).isFalse();
        stream.writeDirect(bytes("data: terminal\n\n"));
        stream.finish();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: terminal\n\n");
        assertThat(exchange.completed).isTrue();
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void waitsForWhatTheFrameworkIsStillWritingWhenItsOwnerIsDone() throws IOException {
        stream.contentType("text/event-stream");
        send("data: 1\n\n");
        stream.finish();
        send("data: 2, from the sink's queue\n\n");
        assertThat(exchange.completed).isFalse();
        stream.completedByFramework();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: 2, from the sink's queue\n\n");
        assertThat(exchange.completed).isTrue();
    }

    @Test
    void endsWithoutAFrameworkThatNeverCompletes() throws IOException {
        stream.release();
        send("data: 1\n\n");
        stream.write(bytes("data: unfin"), 0, 11);
        stream.finish();
        timer.pass(Ending.LINGER);
        assertThat(exchange.sent()).isEqualTo("data: 1\n\n");
        assertThat(exchange.completed).isTrue();
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void endsByItselfSoonAfterTheFrameworkHasCompleted() throws IOException {
        stream.contentType("text/event-stream");
        stream.release();
        send("data: 1\n\n");
        stream.completedByFramework();
        timer.pass(Ending.LINGER);
        assertThat(exchange.completed).isTrue();
    }

    @Test
    void tellsTheFrameworkAndTheOwnerOfAFailedWrite() throws IOException {
        List<Throwable> causes = new ArrayList<>();
        stream.onClosed(causes::add);
        IOException broken = new IOException("Broken pipe");
        exchange.failure = broken;
        send("data: 1\n\n");
        stream.release();
        assertThat(causes).as("not in the caller's thread").isEmpty();
        timer.run();
        assertThat(causes).containsExactly(broken);
        assertThat(stream.isClosed()).isTrue();
        assertThatThrownBy(() -> send("data: 2\n\n"))
                .isInstanceOf(IOException.class)
                .hasCause(broken);
        assertThat(exchange.completed).isTrue();
        stream.onClosed(causes::add);
        timer.run();
        assertThat(causes).containsExactly(broken, broken);
    }

    @Test
    void acceptsExactlyTheMaximumOfPendingBytes() throws IOException {
        stream.write(new byte[MAX_PENDING], 0, MAX_PENDING);
        assertThatThrownBy(() -> stream.write(new byte[1], 0, 1))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Integer.toString(MAX_PENDING));
        assertThat(stream.isClosed()).as("a terminal event can still go out").isFalse();
    }

    @Test
    void callsBackOnceWhenDrained() throws IOException {
        List<String> calls = new ArrayList<>();
        String frame = "x".repeat(2 * EventStreamOutput.DRAINED_BYTES) + "\n\n";
        exchange.room = 1;
        send(frame);
        stream.release();
        assertThat(stream.pendingBytes()).isGreaterThan(EventStreamOutput.DRAINED_BYTES);
        stream.onDrained(() -> calls.add("drained"));
        timer.run();
        assertThat(calls).isEmpty();
        exchange.room = Integer.MAX_VALUE;
        stream.writePossible();
        timer.run();
        assertThat(calls).containsExactly("drained");
        send("data: 1\n\n");
        timer.run();
        assertThat(calls).hasSize(1);
        stream.onDrained(() -> calls.add("at once"));
        timer.run();
        assertThat(calls).hasSize(2);
    }

    @Test
    void measuresForHowLongThePeerHasTakenNothing() throws IOException {
        stream.contentType("text/event-stream");
        exchange.room = 0;
        send("data: 1\n\n");
        stream.release();
        timer.pass(Duration.ofSeconds(3));
        assertThat(stream.stalledFor()).isEqualTo(Duration.ofSeconds(3));
        exchange.room = Integer.MAX_VALUE;
        stream.writePossible();
        assertThat(stream.stalledFor()).isZero();
    }

    @Test
    void abortsAStreamThatCannotEnd() throws IOException {
        stream.contentType("text/event-stream");
        exchange.room = 0;
        send("data: 1\n\n");
        stream.release();
        stream.completedByFramework();
        stream.finish();
        timer.pass(Watch.STALL.minusSeconds(1));
        assertThat(exchange.completed).isFalse();
        timer.pass(Duration.ofSeconds(1));
        assertThat(exchange.calls).endsWith("abort");
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void abortsAtOnceAndFailsLaterWrites() throws IOException {
        exchange.room = 0;
        send("data: 1\n\n");
        stream.release();
        stream.abort();
        assertThat(exchange.calls).endsWith("abort");
        assertThat(stream.pendingBytes()).isZero();
        assertThatThrownBy(() -> send("data: 2\n\n")).isInstanceOf(IOException.class);
    }

    @Test
    void cutsTheConnectionWhenADefectTearsTheStream() throws IOException {
        List<Throwable> causes = new ArrayList<>();
        stream.onClosed(causes::add);
        send("data: 1\n\n");
        stream.release();
        exchange.calls.clear();
        RuntimeException defect = new IllegalStateException("thrown by the test's container");
        exchange.defect = defect;
        send("data: 2\n\n");
        assertThat(exchange.calls).containsExactly("abort");
        timer.run();
        assertThat(causes).containsExactly(defect);
        assertThatThrownBy(() -> send("data: 3\n\n"))
                .isInstanceOf(IOException.class)
                .hasCause(defect);
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void cutsAnOpenStreamWhoseFrameworkHasThrown() throws IOException {
        List<Throwable> causes = new ArrayList<>();
        stream.onClosed(causes::add);
        send("data: 1\n\n");
        stream.release();
        assertThat(stream.chainFailed()).isTrue();
        timer.pass(Ending.LINGER.minusNanos(1));
        assertThat(exchange.completed).isFalse();
        timer.pass(Duration.ofNanos(1));
        assertThat(exchange.calls).endsWith("abort").doesNotContain("complete");
        assertThat(causes).as("its owner hears of it").hasSize(1);
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void leavesTimeForATerminalEventWhenTheFrameworkHasThrown() throws IOException {
        send("data: 1\n\n");
        stream.release();
        stream.write(bytes("data: a broken wri"), 0, 18);
        stream.chainFailed();
        stream.writeDirect(bytes("data: terminal\n\n"));
        stream.finish();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: terminal\n\n");
        assertThat(exchange.calls).endsWith("complete").doesNotContain("abort");
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void gathersWhatIsWrittenWhileCorked() throws IOException {
        stream.contentType("text/event-stream");
        stream.chainReturned();
        stream.release();
        exchange.calls.clear();
        stream.cork();
        send("data: 1\n\n");
        send("data: 2\n\n");
        assertThat(exchange.calls).isEmpty();
        stream.uncork();
        assertThat(exchange.calls).containsExactly("write", "flush");
    }

    @Test
    void decidesOnceBetweenReleaseAndRefusal() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 2_000; round++) {
                FakeExchange raced = new FakeExchange();
                EventStream racing = new EventStream(raced, timer, timer::nanoTime, MAX_PENDING);
                racing.hold(PREAMBLE_AFTER, new byte[0]);
                racing.writePossible();
                racing.write(bytes("data: 1\n\n"), 0, 9);
                racing.flush();
                CyclicBarrier start = new CyclicBarrier(2);
                Future<?> release = threads.submit(() -> {
                    start.await();
                    racing.release();
                    return null;
                });
                Future<Boolean> refusal = threads.submit(() -> {
                    start.await();
                    return racing.refuse(429, Map.of(), "text/plain", bytes("no"));
                });
                release.get(10, TimeUnit.SECONDS);
                boolean refused = refusal.get(10, TimeUnit.SECONDS);
                assertThat(raced.sent()).isEqualTo(refused ? "no" : "data: 1\n\n");
                assertThat(raced.completed).isEqualTo(refused);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void keepsTheFramesOfTwoWritersWholeAndUsesTheContainerFromOneThread() throws Exception {
        stream.contentType("text/event-stream");
        stream.release();
        int frames = 20_000;
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<?> framework = threads.submit(() -> {
                for (int i = 0; i < frames; i++) {
                    for (String part : List.of("data: ", "fr" + i, "\n", "\n")) {
                        stream.write(bytes(part), 0, part.length());
                    }
                    stream.flush();
                }
                return null;
            });
            Future<?> direct = threads.submit(() -> {
                for (int i = 0; i < frames; i++) {
                    stream.writeDirect(bytes("data: di" + i + "\n\n"));
                }
            });
            framework.get(30, TimeUnit.SECONDS);
            direct.get(30, TimeUnit.SECONDS);
        } finally {
            threads.shutdownNow();
        }
        stream.completedByFramework();
        stream.finish();
        String[] lines = exchange.sent().split("\n\n");
        assertThat(lines).hasSize(2 * frames).allMatch(line -> line.matches("data: (fr|di)\\d+"));
        assertThat(lines).contains("data: fr" + (frames - 1), "data: di" + (frames - 1));
        assertThat(exchange.intruders).hasValue(0);
        assertThat(exchange.completed).isTrue();
    }
}
