package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.Reply;
import java.util.List;

/** Turns what a Dify 1.16.0 says into what an older one says, by taking away and changing in place. Immutable, pure. */
final class Dialect {

    private static final List<String> PARALLEL =
            List.of("parallel_id", "parallel_start_node_id", "parent_parallel_id", "parent_parallel_start_node_id");

    private final Version version;

    Dialect(Version version) {
        this.version = version;
    }

    /** One event of a stream. */
    ObjectNode frame(ObjectNode frame) {
        if (!version.isFrom(1, 16, 0) && frame.path("data") instanceof ObjectNode data) {
            switch (frame.path("event").asText()) {
                case "workflow_started", "workflow_finished" -> run(data);
                case "node_started", "node_finished" -> node(data);
                case "human_input_required", "workflow_paused" -> form(data);
                default -> {}
            }
        } else if (!version.isFrom(1, 16, 0)) {
            text(frame);
        }
        return frame;
    }

    /** The whole answer of blocking mode. */
    ObjectNode blocking(ObjectNode body) {
        metadata(body);
        if (body.path("data") instanceof ObjectNode data) {
            form(data);
        }
        return body;
    }

    /** One row of {@code GET /messages}. */
    ObjectNode message(ObjectNode row) {
        if (!version.isFrom(1, 16, 0)) {
            row.remove(List.of(
                    "message_tokens",
                    "answer_tokens",
                    "provider_response_latency",
                    "total_price",
                    "currency",
                    "total_tokens"));
        }
        if (!version.isFrom(1, 13, 0)) {
            row.remove("extra_contents");
        }
        return row;
    }

    /** What {@code GET /info} answers. */
    ObjectNode info(ObjectNode info) {
        if (!version.isFrom(1, 4, 0)) {
            info.remove("mode");
        }
        if (!version.isFrom(1, 4, 3)) {
            info.remove("author_name");
        }
        return info;
    }

    /** Hints of what was perhaps meant came with another library in 1.8.0. */
    Reply refusal(Reply reply) {
        if (version.isFrom(1, 8, 0) || reply.status() != 404) {
            return reply;
        }
        String body = reply.body().replaceAll(" You have requested this URI [^\"]*\"", "\"");
        return new Reply(reply.status(), reply.contentType(), body, reply.headers(), reply.matched());
    }

    String blockingContentType() {
        return version.isFrom(1, 12, 0) ? "application/json; charset=utf-8" : "application/json";
    }

    private void text(ObjectNode frame) {
        if (frame.path("from_variable_selector").isArray()
                && frame.path("from_variable_selector").isEmpty()) {
            frame.putNull("from_variable_selector");
        }
        if (!version.isFrom(1, 3, 1)) {
            frame.remove("reason");
        }
        if (frame.path("event").asText().equals("message_end")) {
            metadata(frame);
            if (!version.isFrom(1, 9, 0)) {
                frame.remove("files");
            } else if (frame.path("files").isEmpty()) {
                frame.putNull("files");
            }
        }
    }

    private void metadata(ObjectNode frame) {
        if (frame.path("metadata") instanceof ObjectNode metadata) {
            usage(metadata.path("usage"));
            if (!version.isFrom(1, 15, 0)) {
                metadata.remove("reasoning");
            }
        }
    }

    private void usage(JsonNode usage) {
        if (!version.isFrom(1, 10, 0) && usage instanceof ObjectNode fields) {
            fields.remove(List.of("time_to_first_token", "time_to_generate"));
        }
    }

    private void run(ObjectNode data) {
        if (!version.isFrom(1, 13, 0)) {
            data.remove("reason");
        }
        if (!version.isFrom(1, 4, 2)) {
            data.put("sequence_number", 1);
        }
    }

    private void node(ObjectNode data) {
        usage(data.path("process_data").path("usage"));
        usage(data.path("outputs").path("usage"));
        if (!version.isFrom(1, 9, 0)) {
            data.remove(List.of("inputs_truncated", "process_data_truncated", "outputs_truncated"));
        }
        if (!version.isFrom(1, 0, 1)) {
            data.remove("loop_id");
        }
        if (!version.isFrom(1, 9, 2)) {
            PARALLEL.forEach(data::putNull);
            if (data.has("agent_strategy")) {
                data.putNull("parallel_run_id");
            }
        }
    }

    private void form(ObjectNode data) {
        if (!version.isFrom(1, 15, 0)) {
            data.remove("approval_channels");
            data.path("reasons").forEach(reason -> ((ObjectNode) reason).remove("approval_channels"));
        }
    }
}
