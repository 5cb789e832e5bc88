package io.github.difyjakarta.simulator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls of the stop endpoints, for scripts that wait for one. Confined to the event loop. */
final class StopCalls {

    private static final Pattern PATH =
            Pattern.compile("/(?:chat-messages|completion-messages|workflows/tasks)/([^/]+)/stop");
    private static final int REMEMBERED = 10_000;

    private record Call(long number, String taskId) {}

    private record Waiting(String taskId, BooleanSupplier over, Runnable task) {
        boolean isFor(Call call) {
            return taskId.isEmpty() || taskId.equals(call.taskId());
        }
    }

    private final Deque<Call> calls = new ArrayDeque<>();
    private List<Waiting> waiting = new ArrayList<>();
    private long count;

    /** Stop calls so far. */
    long count() {
        return count;
    }

    void see(RecordedRequest request) {
        Matcher path = PATH.matcher(request.path());
        if (!request.method().equals("POST") || !path.matches()) {
            return;
        }
        Call call = new Call(count++, path.group(1));
        calls.add(call);
        if (calls.size() > REMEMBERED) {
            calls.remove();
        }
        List<Waiting> seen = waiting;
        waiting = new ArrayList<>();
        for (Waiting one : seen) {
            if (one.isFor(call)) {
                one.task().run();
            } else if (!one.over().getAsBoolean()) {
                waiting.add(one);
            }
        }
    }

    /**
     * Runs the task at the first call for the task id: now if there was one already.
     *
     * @param taskId empty for any
     * @param since ignores calls before this count
     * @param over whether waiting has become pointless
     */
    void whenStopped(String taskId, long since, BooleanSupplier over, Runnable task) {
        Waiting one = new Waiting(taskId, over, task);
        if (calls.stream().anyMatch(call -> call.number() >= since && one.isFor(call))) {
            task.run();
        } else {
            waiting.add(one);
        }
    }
}
