package io.github.difyjakarta.websocket;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A browser that a test plays: it takes frames at once, or when it is told to. */
final class FakeTransport implements Transport {
    private final List<String> sent = new ArrayList<>();
    private final Deque<Consumer<Optional<Throwable>>> untaken = new ArrayDeque<>();
    private boolean slow;
    private boolean broken;

    /** Takes nothing by itself from now on. */
    void readNothing() {
        slow = true;
    }

    /** Is gone. */
    void breakDown() {
        broken = true;
    }

    /** Takes the frame that is on its way. */
    void readOne() {
        untaken.remove().accept(Optional.empty());
    }

    /** The frame that is on its way is lost. */
    void loseOne() {
        untaken.remove().accept(Optional.of(new IllegalStateException("lost")));
    }

    /** What was sent since the last call. */
    List<String> sent() {
        List<String> news = List.copyOf(sent);
        sent.clear();
        return news;
    }

    @Override
    public void text(String json, Consumer<Optional<Throwable>> taken) {
        if (broken) {
            throw new IllegalStateException("closed");
        }
        if (!untaken.isEmpty()) {
            throw new AssertionError("a second frame before the first was taken");
        }
        sent.add(json);
        if (slow) {
            untaken.add(taken);
        } else {
            taken.accept(Optional.empty());
        }
    }

    @Override
    public void ping() {
        sent.add("ping");
    }

    @Override
    public void close(int code, String reason) {
        sent.add("close " + code + " " + reason);
    }

    @Override
    public void terminate() {
        sent.add("terminate");
    }
}
