package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.app.Channel.Until;
import java.util.List;
import java.util.Map;

/** {@code GET /workflow/…/events}: watches a run someone else began. Confined to the event loop. */
final class RunEvents {

    private final Settings settings;
    private final Streams streams;
    private final Runs runs;

    RunEvents(Settings settings, Streams streams, Runs runs) {
        this.settings = settings;
        this.streams = streams;
        this.runs = runs;
    }

    void watch(Call call) {
        String user = call.requiredUserOfQuery();
        Modes.requireFlow(settings);
        Flow flow = runs.find(call.variable())
                .filter(found -> found.run().user().equals(user))
                .orElseThrow(() -> Refusal.notFound("Workflow run not found"));
        if (flow.run().isOver()) {
            FrameStream stream = streams.openEvents(call.exchange(), () -> {});
            stream.send(streams.encodeFinished(RunSnapshot.finished(flow.run())));
            stream.end();
            return;
        }
        boolean snapshot = isTrue(call.query(), "include_state_snapshot");
        boolean pauses = isTrue(call.query(), "continue_on_pause");
        List<ObjectNode> past = snapshot ? RunSnapshot.of(flow.run()) : List.of();
        boolean endsWithPast = snapshot && !pauses && flow.run().isPaused();
        flow.channel().join(call.exchange(), until(snapshot, pauses), past, endsWithPast);
    }

    /** Who goes on over pauses without having seen the past is not even told of the end. */
    private static Until until(boolean snapshot, boolean pauses) {
        if (!pauses) {
            return Until.PAUSE;
        }
        return snapshot ? Until.END : Until.IDLENESS;
    }

    private static boolean isTrue(Map<String, String> query, String name) {
        return List.of("true", "1").contains(query.getOrDefault(name, ""));
    }
}
