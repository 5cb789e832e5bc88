package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.Reply;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The answers of chat, agent and completion apps that are under way. Confined to the event loop. */
final class Answers {

    private final Streams streams;
    private final Slots slots;
    private final Map<String, Generation> tasks = new HashMap<>();

    Answers(Streams streams, Slots slots) {
        this.streams = streams;
        this.slots = slots;
    }

    /** How a whole answer is told. */
    interface Blocking {
        /** What it cost, this long after the question. */
        default Usage usage(String query, String answer, Duration latency) {
            return Usage.of(query, answer, latency, Duration.ZERO);
        }

        ObjectNode body(Usage usage);
    }

    /** Streams the answer; a slot must have been taken. */
    void stream(
            Exchange exchange, Message message, AnswerFrames frames, String answer, String taskId, Runnable onOver) {
        Generation generation = new Generation(streams, exchange, message, frames, answer, () -> {
            slots.giveBack();
            tasks.remove(taskId);
            onOver.run();
        });
        tasks.put(taskId, generation);
        generation.start();
    }

    /** Sends the answer in one piece when it is ready; a slot must have been taken. */
    void block(Exchange exchange, Message message, String answer, Blocking blocking, Runnable onOver) {
        long started = System.nanoTime();
        Duration time = Typist.time(answer, streams.settings().typing());
        EventLoop.Timer done = streams.loop().schedule(time, () -> {
            slots.giveBack();
            Duration latency = Duration.ofNanos(System.nanoTime() - started);
            Usage usage = blocking.usage(message.query(), answer, latency);
            message.answered(answer, usage);
            onOver.run();
            reply(exchange, streams.dialect(), blocking.body(usage));
        });
        exchange.onClientLeft(() -> {
            if (done.cancel()) {
                slots.giveBack();
            }
        });
    }

    void stop(String taskId, String user) {
        Generation generation = tasks.get(taskId);
        if (generation != null) {
            generation.stop(user);
        }
    }

    /** Unlike other bodies this one has no line end. */
    static void reply(Exchange exchange, Dialect dialect, ObjectNode body) {
        exchange.reply(
                Reply.json(200, Json.spaced(dialect.blocking(body))).withContentType(dialect.blockingContentType()));
    }
}
