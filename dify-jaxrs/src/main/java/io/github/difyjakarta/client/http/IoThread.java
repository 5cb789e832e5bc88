package io.github.difyjakarta.client.http;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A thread of the selector, with what its connections need only while they have their turn: one buffer for all of them in
 * place of one for each, and the exchanges that got something. Confined to itself.
 */
final class IoThread extends Thread {
    /** What one connection reads at most before the others of its thread have their turn. */
    private static final int TURN_BYTES = 64 * 1024;

    private @Nullable ByteBuffer buffer;
    private final List<HttpExchange> served = new ArrayList<>();

    private IoThread(Runnable task, String name) {
        super(task, name);
        setDaemon(true);
    }

    static ThreadFactory factory(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> new IoThread(task, name + "-" + count.incrementAndGet());
    }

    /** Null on any other thread. */
    static @Nullable IoThread current() {
        return Thread.currentThread() instanceof IoThread thread ? thread : null;
    }

    /** Direct, so that the kernel's bytes are copied once on their way to the decoder. */
    ByteBuffer buffer() {
        ByteBuffer ours = buffer;
        if (ours == null) {
            ours = ByteBuffer.allocateDirect(TURN_BYTES).limit(0);
            buffer = ours;
        }
        return ours;
    }

    /** This exchange has got something in the turn that goes on. */
    void serves(HttpExchange exchange) {
        if (!served.contains(exchange)) {
            served.add(exchange);
        }
    }

    /** The turn is over: nothing follows at once. */
    void endTurn() {
        for (int i = 0; i < served.size(); i++) {
            served.get(i).pause();
        }
        served.clear();
    }
}
