package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A container that records what it gets, takes as much as it is told to, and notices a second thread inside. */
final class FakeExchange implements Exchange {

    final List<String> calls = new ArrayList<>();
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    final AtomicInteger intruders = new AtomicInteger();
    volatile int room = Integer.MAX_VALUE;
    volatile boolean completed;
    volatile @Nullable Head head;
    volatile @Nullable IOException failure;
    volatile @Nullable RuntimeException defect;
    volatile @Nullable IllegalStateException refusal;

    private final AtomicInteger inside = new AtomicInteger();

    @Override
    public void takeOver() {
        calls.add("takeOver");
    }

    @Override
    public boolean isAsync() {
        return true;
    }

    @Override
    public void follow() {
        IllegalStateException wrong = refusal;
        if (wrong != null) {
            throw wrong;
        }
        calls.add("follow");
    }

    @Override
    public void letGo() {
        calls.add("letGo");
    }

    @Override
    public void head(Head newHead) {
        head = newHead;
        calls.add("head");
    }

    @Override
    public boolean isReady() {
        return room > 0;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (inside.incrementAndGet() != 1) {
            intruders.incrementAndGet();
        }
        IOException broken = failure;
        if (broken != null) {
            inside.decrementAndGet();
            throw broken;
        }
        RuntimeException wrong = defect;
        if (wrong != null) {
            inside.decrementAndGet();
            throw wrong;
        }
        calls.add("write");
        sent.write(bytes, offset, length);
        room = room == Integer.MAX_VALUE ? room : Math.max(0, room - length);
        inside.decrementAndGet();
    }

    @Override
    public void flush() {
        calls.add("flush");
    }

    @Override
    public void complete() {
        completed = true;
        calls.add("complete");
    }

    @Override
    public void abort() {
        completed = true;
        calls.add("abort");
    }

    String sent() {
        return sent.toString(UTF_8);
    }
}
