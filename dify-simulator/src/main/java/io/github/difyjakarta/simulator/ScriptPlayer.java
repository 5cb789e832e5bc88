package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.ScriptedAnswer.Step;
import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Plays one scripted answer on one exchange. Confined to the event loop. */
final class ScriptPlayer {

    private static final Pattern TASK_ID = Pattern.compile("\"task_id\"\\s*:\\s*\"([^\"]+)\"");
    /** Steps in one turn: a stream at full speed must leave the others their share of the thread. */
    private static final int STEPS_PER_TURN = 64;

    private final EventLoop loop;
    private final Exchange exchange;
    private final ScriptedAnswer answer;
    private final StopCalls stops;
    private final long firstStop;
    private final Deque<Iterator<Step>> steps = new ArrayDeque<>();
    /** When the step after the last pause is due, so that many small pauses do not add up their delays. */
    private long due = System.nanoTime();

    private boolean waiting;
    private String taskId = "";
    private EventLoop.@Nullable Timer timer;

    ScriptPlayer(EventLoop loop, Exchange exchange, ScriptedAnswer answer, StopCalls stops) {
        this.loop = loop;
        this.exchange = exchange;
        this.answer = answer;
        this.stops = stops;
        this.firstStop = stops.count();
        steps.push(answer.steps().iterator());
    }

    void start() {
        exchange.onClientLeft(this::clientLeft);
        if (answer.stream()) {
            exchange.head(answer.status(), answer.contentType(), answer.headers());
        }
        run();
    }

    private void run() {
        waiting = false;
        for (int i = 0; i < STEPS_PER_TURN && !waiting && !exchange.isOver(); i++) {
            if (!exchange.isFlushed()) {
                exchange.whenFlushed(this::resume);
                return;
            }
            play(next());
        }
        if (!waiting && !exchange.isOver()) {
            loop.execute(this::runIfOpen);
        }
    }

    /** A script that fails must not look like a server that thinks. */
    private void play(Step step) {
        try {
            step.play(this);
        } catch (RuntimeException e) {
            exchange.cut();
            throw e;
        }
    }

    private void runIfOpen() {
        if (!exchange.isOver()) {
            run();
        }
    }

    /** Time spent waiting for the client or for a stop call is not caught up. */
    private void resume() {
        due = System.nanoTime();
        runIfOpen();
    }

    private Step next() {
        while (!steps.isEmpty()) {
            Iterator<Step> innermost = steps.element();
            if (innermost.hasNext()) {
                return innermost.next();
            }
            steps.remove();
        }
        return ScriptPlayer::end;
    }

    /** Sends so many chunks, a gap between each two of them, before the steps that are left. */
    void frames(int count, Duration gap, IntFunction<byte[]> frame) {
        steps.push(IntStream.range(0, count)
                .boxed()
                .flatMap(i -> Stream.<Step>of(
                        each -> each.pause(i == 0 ? Duration.ZERO : gap), each -> each.chunk(frame.apply(i))))
                .iterator());
    }

    void sendHead() {
        exchange.sendHead();
    }

    void chunk(byte[] bytes) {
        if (taskId.isEmpty()) {
            Matcher matcher = TASK_ID.matcher(new String(bytes, StandardCharsets.UTF_8));
            if (matcher.find()) {
                taskId = matcher.group(1);
            }
        }
        exchange.chunk(bytes);
    }

    void body(String text) {
        Reply reply = Reply.json(answer.status(), text).withContentType(answer.contentType());
        for (Reply.Header header : answer.headers()) {
            reply = reply.withHeader(header.name(), header.value());
        }
        exchange.reply(reply);
    }

    void pause(Duration time) {
        due += time.toNanos();
        if (due - System.nanoTime() > 0) {
            waiting = true;
            timer = loop.at(due, this::runIfOpen);
        }
    }

    void splitEvery(int bytes) {
        exchange.splitEvery(bytes);
    }

    void awaitStop(Duration max) {
        waiting = true;
        EventLoop.Timer limit = loop.schedule(max, this::resume);
        timer = limit;
        stops.whenStopped(taskId, firstStop, exchange::isOver, () -> {
            // False when the time was over before: the script has gone on already.
            if (limit.cancel()) {
                resume();
            }
        });
    }

    void end() {
        exchange.end();
    }

    void cut() {
        exchange.cut();
    }

    void reset() {
        exchange.reset();
    }

    void silence() {
        waiting = true;
    }

    void rawResponse(byte[] bytes) {
        exchange.headless();
        exchange.chunk(bytes);
    }

    private void clientLeft() {
        if (timer != null) {
            timer.cancel();
        }
    }
}
