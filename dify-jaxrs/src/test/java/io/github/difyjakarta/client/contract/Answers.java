package io.github.difyjakarta.client.contract;

import io.github.difyjakarta.simulator.Script;

/** Answers that are enough for a call to end well. */
final class Answers {
    private static final String RUN_ENDED =
            "{\"event\":\"workflow_finished\",\"task_id\":\"t\",\"workflow_run_id\":\"r\",\"data\":{\"id\":\"r\","
                    + "\"workflow_id\":\"w\",\"status\":\"succeeded\",\"outputs\":{},\"created_at\":1,\"finished_at\":2}}";
    private static final String MESSAGE_ENDED =
            "{\"event\":\"message_end\",\"task_id\":\"t\",\"message_id\":\"m\",\"id\":\"m\",\"metadata\":{}}";

    private Answers() {}

    static Script plain(ClientCall call) {
        return switch (call.kind()) {
            case JSON -> Script.json(200, "{}");
            case STREAM ->
                Script.stream().event(call.endpoint().path().contains("workflow") ? RUN_ENDED : MESSAGE_ENDED);
            case FILE -> Script.stream().contentType("audio/mpeg").raw("sound");
        };
    }
}
