package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import org.apache.hc.core5.reactor.IOEventHandler;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.reactor.ssl.SSLIOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * A connection that takes turns with the others of its thread: whenever the selector finds something to read it reads once,
 * into the thread's buffer. The library by itself reads as long as something comes, through a buffer of each connection's
 * own, so that
 * <ul>
 *   <li>one fast peer keeps all others of the thread waiting;</li>
 *   <li>an end that it meets throws away what it has read just before: the last events before a cut would be lost. Here the
 *       end shows only in a turn that brings nothing else;</li>
 *   <li>nobody knows when nothing follows at once, which is when what was read is best passed on.</li>
 * </ul>
 * Under TLS the library pushes what it has decrypted, which is bounded by its buffer; there only the end of a turn is told.
 *
 * <p>Confined to the connection's I/O thread, but for what wakes the selector.
 */
final class TurnSession extends ForwardingSession {
    private final boolean encrypted;
    private @Nullable ByteBuffer turn;
    private boolean hasRead;
    private boolean atEnd;
    private @Nullable Handler handler;
    /** The thread that writes now. */
    private volatile @Nullable Thread writer;
    /** Another thread has something to write. */
    private volatile boolean outputAsked;

    private TurnSession(IOSession session) {
        super(session);
        this.encrypted = session instanceof SSLIOSession;
    }

    static IOSession of(IOSession session) {
        return new TurnSession(session);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        ByteBuffer buffer = turn;
        if (buffer == null) {
            return session.read(target);
        }
        if (!hasRead) {
            hasRead = true;
            buffer.clear();
            try {
                atEnd = session.read(buffer) < 0;
            } finally {
                buffer.flip();
            }
        }
        if (atEnd) {
            return -1;
        }
        int count = Math.min(target.remaining(), buffer.remaining());
        target.put(target.position(), buffer, buffer.position(), count);
        target.position(target.position() + count);
        buffer.position(buffer.position() + count);
        return count;
    }

    /** What is asked for already needs no word to the selector, which costs two system calls and a turn for nothing. */
    @Override
    public void setEvent(int operation) {
        if (operation == SelectionKey.OP_WRITE && Thread.currentThread() != writer) {
            outputAsked = true;
        }
        try {
            if ((session.getEventMask() & operation) != operation) {
                session.setEvent(operation);
            }
        } catch (CancelledKeyException e) {
            // Closed meanwhile: who asks hears of that in another way.
        }
    }

    @Override
    public @Nullable IOEventHandler getHandler() {
        IOEventHandler target = session.getHandler();
        if (target == null) {
            return null;
        }
        Handler ours = handler;
        if (ours == null || ours.target != target) {
            ours = new Handler(target);
            handler = ours;
        }
        return ours;
    }

    /** What the selector calls. */
    private final class Handler implements IOEventHandler {
        private final IOEventHandler target;

        Handler(IOEventHandler target) {
            this.target = target;
        }

        @Override
        public void inputReady(IOSession current, @Nullable ByteBuffer source) throws IOException {
            IoThread thread = IoThread.current();
            if (thread == null || turn != null) {
                target.inputReady(current, source);
                return;
            }
            ByteBuffer buffer = thread.buffer();
            buffer.limit(0);
            turn = encrypted ? null : buffer;
            hasRead = false;
            atEnd = false;
            try {
                target.inputReady(current, source);
                // The library stops where its own buffer happens to end, and would wait for the selector.
                for (int left = buffer.remaining(), before = left + 1;
                        left > 0 && left < before && session.isOpen();
                        before = left, left = buffer.remaining()) {
                    target.inputReady(current, null);
                }
            } finally {
                turn = null;
                thread.endTurn();
            }
        }

        /**
         * The library looks whether there is output, and then forgets all who have asked for its turn up to now: also one
         * who came in between, and whose upload would stand still.
         */
        @Override
        public void outputReady(IOSession current) throws IOException {
            writer = Thread.currentThread();
            outputAsked = false;
            try {
                target.outputReady(current);
            } finally {
                writer = null;
            }
            if (outputAsked) {
                TurnSession.this.setEvent(SelectionKey.OP_WRITE);
            }
        }

        @Override
        public void connected(IOSession current) throws IOException {
            target.connected(current);
        }

        @Override
        public void timeout(IOSession current, Timeout timeout) throws IOException {
            target.timeout(current, timeout);
        }

        @Override
        public void exception(IOSession current, Exception cause) {
            target.exception(current, cause);
        }

        @Override
        public void disconnected(IOSession current) {
            target.disconnected(current);
        }
    }
}
