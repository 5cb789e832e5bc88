package io.github.difyjakarta.servlet;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A timer and its clock, both moved by the test. */
final class FakeTimer implements Timer {

    private final List<Task> tasks = new ArrayList<>();
    private long now = 1_000;

    private record Task(long at, Runnable action) {}

    long nanoTime() {
        return now;
    }

    @Override
    public synchronized Runnable after(Duration delay, Runnable action) {
        Task task = new Task(now + delay.toNanos(), action);
        tasks.add(task);
        return () -> cancel(task);
    }

    private synchronized void cancel(Task task) {
        tasks.remove(task);
    }

    @Override
    public synchronized void soon(Runnable action) {
        tasks.add(new Task(now, action));
    }

    /** Runs what is due now. */
    void run() {
        pass(Duration.ZERO);
    }

    /** Lets time pass, and runs what becomes due. */
    void pass(Duration duration) {
        now += duration.toNanos();
        while (true) {
            List<Task> due;
            synchronized (this) {
                due = tasks.stream().filter(task -> task.at() <= now).toList();
                tasks.removeAll(due);
            }
            if (due.isEmpty()) {
                return;
            }
            due.forEach(task -> task.action().run());
        }
    }

    synchronized int waiting() {
        return tasks.size();
    }
}
