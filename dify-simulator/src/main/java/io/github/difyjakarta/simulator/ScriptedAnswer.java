package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.http.Reply.Header;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link Script} comes to and a {@link ScriptPlayer} plays: a head, and steps after it. Immutable.
 *
 * @param status of the head
 * @param contentType of the head, sent as it is
 * @param headers more of the head; they replace the simulator's own ones of their names
 * @param steps in their order
 * @param stream whether it is sent bit by bit and takes further steps; otherwise its one step sends all of it
 */
record ScriptedAnswer(int status, String contentType, List<Header> headers, List<Step> steps, boolean stream) {

    /** One thing to do; a player runs one after the other. */
    @FunctionalInterface
    interface Step {
        void play(ScriptPlayer player);
    }

    ScriptedAnswer {
        headers = List.copyOf(headers);
        steps = List.copyOf(steps);
    }

    static ScriptedAnswer stream(String contentType) {
        return new ScriptedAnswer(200, contentType, List.of(), List.of(), true);
    }

    static ScriptedAnswer whole(int status, String contentType, String body) {
        return new ScriptedAnswer(status, contentType, List.of(), List.of(player -> player.body(body)), false);
    }

    ScriptedAnswer withStatus(int code) {
        return new ScriptedAnswer(code, contentType, headers, steps, stream);
    }

    ScriptedAnswer withContentType(String type) {
        return new ScriptedAnswer(status, type, headers, steps, stream);
    }

    ScriptedAnswer withHeader(Header header) {
        List<Header> more = new ArrayList<>(headers);
        more.add(header);
        return new ScriptedAnswer(status, contentType, more, steps, stream);
    }

    /** With this step before all others. */
    ScriptedAnswer first(Step step) {
        List<Step> more = new ArrayList<>(steps);
        more.add(0, step);
        return new ScriptedAnswer(status, contentType, headers, more, stream);
    }

    /**
     * With this step after all others.
     *
     * @throws IllegalStateException if it is no stream
     */
    ScriptedAnswer then(Step step) {
        if (!stream) {
            throw new IllegalStateException("A whole answer has no further steps; begin with Script.stream()");
        }
        List<Step> more = new ArrayList<>(steps);
        more.add(step);
        return new ScriptedAnswer(status, contentType, headers, more, true);
    }
}
