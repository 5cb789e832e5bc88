package io.github.difyjakarta.client.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A connection of a test's own, below what the library's selector and decoder would do with it. */
class TurnSessionTest {
    private static final int LIBRARY_BUFFER = 2048;

    private final Connection connection = new Connection();
    private final IOSession session = TurnSession.of(connection);

    /** Brings what the test says, as much at once as is asked for. */
    private static final class Connection extends ForwardingSession {
        private final List<String> wakeUps = new ArrayList<>();
        private @Nullable IOEventHandler handler;
        private int mask = 1;
        private int available;
        private boolean ended;
        private int reads;

        Connection() {
            super((IOSession) Proxy.newProxyInstance(
                    Connection.class.getClassLoader(), new Class<?>[] {IOSession.class}, (proxy, method, arguments) -> {
                        throw new UnsupportedOperationException(method.getName());
                    }));
        }

        @Override
        public int read(ByteBuffer target) {
            reads++;
            int count = Math.min(available, target.remaining());
            if (count == 0 && ended) {
                return -1;
            }
            target.position(target.position() + count);
            available -= count;
            return count;
        }

        @Override
        public @Nullable IOEventHandler getHandler() {
            return handler;
        }

        @Override
        public void upgrade(IOEventHandler newHandler) {
            handler = newHandler;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public int getEventMask() {
            return mask;
        }

        @Override
        public void setEvent(int operation) {
            mask |= operation;
            wakeUps.add("+" + operation);
        }
    }

    /** A decoder like the library's. */
    private abstract class Decoder implements IOEventHandler {
        long taken;
        boolean sawEnd;

        final int fill() throws IOException {
            int count = session.read(ByteBuffer.allocate(LIBRARY_BUFFER));
            taken += Math.max(0, count);
            sawEnd |= count < 0;
            return count;
        }

        @Override
        public void connected(IOSession current) {}

        @Override
        public void outputReady(IOSession current) {}

        @Override
        public void timeout(IOSession current, Timeout timeout) {}

        @Override
        public void exception(IOSession current, Exception cause) {}

        @Override
        public void disconnected(IOSession current) {}
    }

    private final class Greedy extends Decoder {
        @Override
        public void inputReady(IOSession current, @Nullable ByteBuffer source) throws IOException {
            int count;
            do {
                count = fill();
            } while (count > 0);
        }
    }

    private final class Modest extends Decoder {
        @Override
        public void inputReady(IOSession current, @Nullable ByteBuffer source) throws IOException {
            fill();
        }
    }

    /** What the selector does when there is something to read, on a thread of ours. */
    private void turn() throws Exception {
        CompletableFuture<@Nullable Void> done = new CompletableFuture<>();
        IoThread.factory("test")
                .newThread(() -> {
                    try {
                        IOEventHandler handler = session.getHandler();
                        if (handler != null) {
                            handler.inputReady(session, null);
                        }
                        done.complete(null);
                    } catch (IOException | RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                })
                .start();
        done.get(10, TimeUnit.SECONDS);
    }

    @Test
    void readsOnceInATurnHoweverMuchThereIs() throws Exception {
        Greedy decoder = new Greedy();
        connection.upgrade(decoder);
        connection.available = Integer.MAX_VALUE;
        turn();
        assertThat(connection.reads).isEqualTo(1);
        assertThat(decoder.taken).isEqualTo(64 * 1024);
        turn();
        assertThat(connection.reads).isEqualTo(2);
    }

    @Test
    void callsTheDecoderAgainWhereItStopsWithinWhatWasRead() throws Exception {
        Modest decoder = new Modest();
        connection.upgrade(decoder);
        connection.available = 5 * LIBRARY_BUFFER + 1;
        turn();
        assertThat(decoder.taken).isEqualTo(5 * LIBRARY_BUFFER + 1);
        assertThat(connection.reads).isEqualTo(1);
    }

    @Test
    void showsTheEndOnlyInATurnThatBringsNothingElse() throws Exception {
        Greedy decoder = new Greedy();
        connection.upgrade(decoder);
        connection.available = 100;
        connection.ended = true;
        turn();
        assertThat(decoder.taken).isEqualTo(100);
        assertThat(decoder.sawEnd).isFalse();
        turn();
        assertThat(decoder.sawEnd).isTrue();
    }

    @Test
    void readsOutsideOfATurnAsTheConnectionDoes() throws Exception {
        connection.available = 10;
        assertThat(session.read(ByteBuffer.allocate(4))).isEqualTo(4);
        assertThat(session.read(ByteBuffer.allocate(40))).isEqualTo(6);
    }

    @Test
    void doesNotWakeTheSelectorForWhatItWaitsForAlready() {
        session.setEvent(1);
        assertThat(connection.wakeUps).isEmpty();
        session.setEvent(4);
        assertThat(connection.wakeUps).containsExactly("+4");
    }
}
