package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An event stream of a host application, which nobody holds and nobody but the framework ends. */
class AdoptedStreamTest {

    private static final int LIMIT = 16 * 1024;

    private final FakeTimer timer = new FakeTimer();
    private final FakeExchange exchange = new FakeExchange();
    private final EventStream stream = stream();

    private EventStream stream() {
        return new EventStream(exchange, timer, timer::nanoTime, Inflow.MAX_PENDING);
    }

    @BeforeEach
    void adopt() {
        assertThat(adopt(stream, false)).isTrue();
        stream.writePossible();
        assertThat(exchange.calls).containsExactly("follow");
        exchange.calls.clear();
    }

    private static boolean adopt(EventStream stream, boolean committed) {
        Head head = new Head();
        head.contentType("text/event-stream;charset=ISO-8859-15");
        return stream.adopt(head, committed, LIMIT);
    }

    private void write(String text) throws IOException {
        stream.write(text.getBytes(UTF_8), 0, text.length());
    }

    private void send(String frame) throws IOException {
        write(frame);
        stream.flush();
    }

    private static String frame(int length) {
        return "data: " + "x".repeat(length - 8) + "\n\n";
    }

    @Test
    void sendsTheHeadAsItIsWithTheFirstFlush() throws IOException {
        write("data: 1\n\n");
        assertThat(exchange.calls).isEmpty();
        assertThat(stream.isHeld()).isTrue();
        stream.change(answer -> answer.header("X-Late", "yes", true));
        stream.flush();
        assertThat(exchange.calls).containsExactly("head", "write", "flush");
        assertThat(exchange.sent()).isEqualTo("data: 1\n\n");
        Head head = Objects.requireNonNull(exchange.head);
        assertThat(head.contentType()).isEqualTo("text/event-stream;charset=ISO-8859-15");
        assertThat(head.values("x-late")).containsExactly("yes");
        assertThat(stream.isHeld()).isFalse();
    }

    @Test
    void goesOnWhereTheContainerHasCommittedTheHead() throws IOException {
        EventStream late = stream();
        assertThat(adopt(late, true)).isTrue();
        late.writePossible();
        assertThat(late.isHeld()).isFalse();
        late.write("data: 1\n\n".getBytes(UTF_8), 0, 9);
        late.flush();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\n");
    }

    @Test
    void leavesToTheContainerWhatItDoesNotLetGo() {
        EventStream refused = stream();
        exchange.refusal = new IllegalStateException("a listener is set already");
        assertThat(adopt(refused, false)).isFalse();
        assertThat(refused.isEngaged()).isFalse();
    }

    @Test
    void sendsAPartOfAFrameThatTheFrameworkFlushes() throws IOException {
        send("data: ");
        assertThat(exchange.sent()).isEqualTo("data: ");
        send("1\n\n");
        assertThat(exchange.sent()).isEqualTo("data: 1\n\n");
    }

    @Test
    void sendsWholeFramesThatAreNeverFlushed() throws IOException {
        for (int i = 0; i < 10; i++) {
            write(frame(8 * 1024));
        }
        assertThat(exchange.sent.size()).isPositive();
        assertThat(exchange.sent.size() % (8 * 1024)).isZero();
    }

    @Test
    void gathersWhatIsReadyIntoOneWriteAndOneFlush() throws IOException {
        exchange.room = 0;
        send("data: 1\n\n");
        send("data: 2\n\n");
        send("data: 3\n\n");
        exchange.room = Integer.MAX_VALUE;
        stream.writePossible();
        assertThat(exchange.calls).containsExactly("head", "write", "flush");
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: 2\n\ndata: 3\n\n");
    }

    @Test
    void completesWithoutLingerWhenEverythingWasTaken() throws IOException {
        exchange.room = 0;
        send("data: 1\n\n");
        write("data: never flushed\n\n");
        stream.completedByFramework();
        assertThat(exchange.completed).isFalse();
        exchange.room = Integer.MAX_VALUE;
        stream.writePossible();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: never flushed\n\n");
        assertThat(exchange.calls).endsWith("write", "flush", "complete");
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void completesAtOnceWithoutAnyByte() {
        stream.completedByFramework();
        assertThat(exchange.calls).endsWith("complete");
    }

    @Test
    void acceptsExactlyTheLimit() throws IOException {
        exchange.room = 0;
        send(frame(LIMIT));
        assertThat(stream.pendingBytes()).isEqualTo(LIMIT);
        assertThat(stream.isClosed()).isFalse();
    }

    @Test
    void cutsOffAReaderForWhomMoreThanTheLimitWouldWait() throws IOException {
        exchange.room = 0;
        send(frame(LIMIT - 8));
        assertThatThrownBy(() -> send(frame(9)))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("The peer reads too slowly: 16376 bytes wait already");
        assertThat(exchange.calls).endsWith("abort");
        assertThat(stream.isClosed()).isTrue();
        assertThat(stream.pendingBytes()).isZero();
        assertThatThrownBy(() -> send("data: 3\n\n"))
                .isInstanceOf(IOException.class)
                .hasRootCauseMessage("The peer reads too slowly: 16376 bytes wait already, and 9 more would exceed"
                        + " the limit of 16384");
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void passesAnEventLargerThanTheLimitWhenNothingWaits() throws IOException {
        exchange.room = 0;
        String half = "data: " + "x".repeat(3 * LIMIT) + "\n";
        write(half);
        write(half);
        send("\n");
        assertThat(stream.isClosed()).isFalse();
        exchange.room = Integer.MAX_VALUE;
        stream.writePossible();
        assertThat(exchange.sent()).isEqualTo(half + half + "\n");
    }

    @Test
    void cutsOffAReaderThatTakesNothingForThirtySeconds() throws IOException {
        exchange.room = 0;
        send("data: 1\n\n");
        timer.pass(Duration.ofSeconds(20));
        send("data: 2\n\n");
        assertThat(timer.waiting()).as("one watch, whatever is written").isOne();
        timer.pass(Duration.ofSeconds(10).minusNanos(1));
        assertThat(stream.isClosed()).isFalse();
        timer.pass(Duration.ofNanos(1));
        assertThat(exchange.calls).endsWith("abort");
        assertThatThrownBy(() -> send("data: 3\n\n")).isInstanceOf(IOException.class);
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void watchesAContainerThatNeverBegins() throws IOException {
        EventStream early = stream();
        adopt(early, false);
        early.write("data: 1\n\n".getBytes(UTF_8), 0, 9);
        early.flush();
        timer.pass(Duration.ofSeconds(30));
        assertThat(early.isClosed()).isTrue();
    }

    @Test
    void waitsForAReaderThatIsMerelySlow() throws IOException {
        for (int i = 0; i < 10; i++) {
            exchange.room = 0;
            send("data: 1\n\n");
            timer.pass(Duration.ofSeconds(29));
            exchange.room = Integer.MAX_VALUE;
            stream.writePossible();
        }
        assertThat(stream.isClosed()).isFalse();
        timer.pass(Duration.ofHours(1));
        assertThat(stream.isClosed()).as("nothing waits").isFalse();
        assertThat(timer.waiting()).isZero();
    }

    @Test
    void tellsTheFrameworkOfAFailedWriteByItsNext() throws IOException {
        exchange.failure = new IOException("broken pipe");
        send("data: 1\n\n");
        assertThatThrownBy(() -> send("data: 2\n\n"))
                .isInstanceOf(IOException.class)
                .hasRootCauseMessage("broken pipe");
        assertThat(exchange.calls).endsWith("complete");
    }

    @Test
    void cutsOffAStreamWhoseResourceHasThrown() throws IOException {
        send("data: 1\n\n");
        assertThat(stream.chainFailed()).isTrue();
        assertThat(exchange.calls).endsWith("abort");
    }

    @Test
    void answersWithAStatusWhenTheResourceThrowsBeforeTheFirstFlush() throws IOException {
        write("data: 1");
        assertThat(stream.chainFailed()).isTrue();
        assertThat(Objects.requireNonNull(exchange.head).status()).isEqualTo(500);
        assertThat(exchange.sent()).isEmpty();
        assertThat(exchange.calls).endsWith("complete");
    }

    @Test
    void leavesTheHostsTimeLimitToTheHost() throws IOException {
        send("data: 1\n\n");
        stream.timedOut();
        assertThat(stream.isClosed()).isFalse();
        send("data: last\n\n");
        stream.completedByFramework();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: last\n\n");
        assertThat(exchange.calls).endsWith("complete");
    }

    @Test
    void cutsOffAnEndThatIsWaitedForWhenTheHostsTimeLimitIsOver() throws IOException {
        exchange.room = 0;
        send("data: 1\n\n");
        stream.completedByFramework();
        stream.timedOut();
        assertThat(exchange.calls).endsWith("abort");
    }

    @Test
    void goesBackToTheContainerBeforeADispatchWhenEverythingWasTaken() throws IOException {
        exchange.room = 0;
        send("data: 1\n\n");
        write("data: 2\n\n");
        stream.dispatch(() -> exchange.calls.add("dispatch"));
        assertThat(exchange.calls).doesNotContain("dispatch");
        exchange.room = Integer.MAX_VALUE;
        stream.writePossible();
        assertThat(exchange.sent()).isEqualTo("data: 1\n\ndata: 2\n\n");
        assertThat(exchange.calls).endsWith("flush", "letGo", "dispatch");
        stream.failed(new IOException("the container has ended the exchange"));
        assertThat(stream.isEngaged()).isFalse();
        assertThat(exchange.completed).isFalse();
    }

    @Test
    void dispatchesAtOnceWhenItIsClosed() {
        stream.completedByFramework();
        stream.dispatch(() -> exchange.calls.add("dispatch"));
        assertThat(exchange.calls).endsWith("complete", "dispatch");
    }

    @Test
    void cannotBeHeldOrRefusedAnyMore() {
        assertThatThrownBy(() -> stream.hold(Duration.ZERO, new byte[0])).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void makesAListenerOfTheHostsWaitForRoom() throws IOException {
        EventStreamBody body = new EventStreamBody(stream);
        List<String> calls = new ArrayList<>();
        body.setWriteListener(new WriteListener() {
            @Override
            public void onWritePossible() {
                calls.add("possible");
            }

            @Override
            public void onError(Throwable failure) {
                calls.add("error");
            }
        });
        timer.run();
        assertThat(calls).containsExactly("possible");
        exchange.room = 0;
        send(frame(LIMIT / 2));
        assertThat(body.isReady()).isTrue();
        send(frame(8));
        assertThat(body.isReady()).isFalse();
        assertThat(body.isReady()).isFalse();
        exchange.room = Integer.MAX_VALUE;
        stream.writePossible();
        timer.run();
        assertThat(calls).containsExactly("possible", "possible");
        assertThat(body.isReady()).isTrue();
    }
}
