package io.github.difyjakarta.it;

import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.List;
import java.util.function.IntConsumer;

/** Scripts and bodies that tests share. */
final class Answers {

    static final String QUESTION = "{\"query\":\"Where is my order?\",\"inputs\":{},\"response_mode\":\"streaming\"}";

    private static final String IDS = "\"task_id\":\"%1$s\",\"message_id\":\"m-%1$s\",\"conversation_id\":\"c-%1$s\"";

    private Answers() {}

    /** The text of the event with a number, from 0. */
    static String event(String task, int number) {
        return "{\"event\":\"message\"," + IDS.formatted(task) + ",\"answer\":\"word " + number + " \"}";
    }

    /** Events at an even pace. */
    static Script events(String task, int count, Duration gap) {
        return events(task, count, gap, number -> {});
    }

    /** @param sending called with each event's number as it is sent */
    static Script events(String task, int count, Duration gap, IntConsumer sending) {
        return Script.stream().events(count, gap, number -> {
            sending.accept(number);
            return event(task, number);
        });
    }

    static String messageEnd(String task) {
        return "{\"event\":\"message_end\"," + IDS.formatted(task)
                + ",\"id\":\"m\",\"metadata\":{\"usage\":{\"total_tokens\":7}}}";
    }

    /** A whole answer. */
    static Script whole(String task, int count, Duration gap) {
        return events(task, count, gap).event(messageEnd(task)).end();
    }

    /** What follows {@code data:} in a stream, in order. */
    static List<String> data(String stream) {
        return stream.lines()
                .filter(line -> line.startsWith("data: "))
                .map(line -> line.substring("data: ".length()))
                .toList();
    }
}
