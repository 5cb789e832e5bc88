package io.github.difyjakarta.servlet;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Carries an event stream's bytes to the container: the one place that touches it. Whoever has changed something runs it;
 * one thread at a time is inside, and whoever comes meanwhile only leaves word that there is more to do.
 */
final class Drain {

    /** What is to be done next. */
    enum Step {
        /** Nothing, until something changes. */
        REST,
        /** Nothing, until the container calls. */
        WAIT,
        /** Set status and headers. */
        HEAD,
        /** Write what is ready, or flush what was written. */
        SEND,
        /** Everything was sent: the container has its exchange back, and the application goes on in a dispatched request. */
        DISPATCH,
        /** Everything was sent: end the exchange. */
        END,
        /** The peer is gone: end the exchange. */
        COMPLETE,
        /** End the exchange, and the connection, although something is missing. */
        ABORT
    }

    private final Exchange exchange;
    private final StreamState state;
    private final Timer timer;
    private final Consumer<Exception> onFailure;
    private final AtomicInteger runs = new AtomicInteger();
    private volatile boolean writable;
    // Confined to the one thread inside; handed on through the counter of runs.
    private boolean headOut;
    private boolean unflushed;
    private boolean over;

    /** What goes wrong is reported to {@code onFailure}, which is to close the state and to {@link #run} this again. */
    Drain(Exchange exchange, StreamState state, Timer timer, Consumer<Exception> onFailure) {
        this.exchange = exchange;
        this.state = state;
        this.timer = timer;
        this.onFailure = onFailure;
    }

    /** The container's word, without which its output must not be touched the first time. */
    void writePossible() {
        writable = true;
        run();
    }

    void run() {
        if (runs.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            try {
                goOn();
            } catch (IOException | RuntimeException e) {
                onFailure.accept(e); // so that the next round ends the exchange
            }
            seen = runs.addAndGet(-seen);
        } while (seen != 0);
    }

    private void goOn() throws IOException {
        boolean more = !over;
        while (more) {
            more = switch (state.nextStep(writable, headOut, unflushed)) {
                case REST -> false;
                case WAIT -> mustWait();
                case HEAD -> head();
                case SEND -> send();
                case DISPATCH -> dispatch();
                case END -> end();
                case COMPLETE -> {
                    over = true;
                    exchange.complete();
                    yield false;
                }
                case ABORT -> abort();
            };
        }
    }

    private boolean head() {
        headOut = true;
        unflushed = true;
        exchange.head(state.ask(Answer::head));
        return true;
    }

    private boolean mustWait() {
        state.mustWait();
        return false;
    }

    private boolean send() throws IOException {
        if (!exchange.isReady()) {
            return mustWait();
        }
        ByteQueue.Piece piece = state.take();
        state.takeDrainedCallbacks().forEach(timer::soon);
        if (piece != null) {
            unflushed = true;
            exchange.write(piece.bytes, piece.from, piece.length());
        } else {
            unflushed = false;
            exchange.flush();
        }
        return true;
    }

    private boolean dispatch() {
        if (!exchange.isReady()) {
            return mustWait();
        }
        Runnable dispatch = state.letGo();
        exchange.letGo();
        dispatch.run();
        return true;
    }

    /** Asks for readiness first: a container that still holds bytes completes by a write that blocks. */
    private boolean end() {
        if (!exchange.isReady()) {
            return mustWait();
        }
        over = true;
        state.ended();
        exchange.complete();
        return false;
    }

    private boolean abort() {
        over = true;
        if (!headOut) {
            exchange.head(state.ask(Answer::head));
        }
        exchange.abort();
        return false;
    }
}
