package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.relay.EventPolicy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** An answer as Dify's blocking mode would give it, as far as its reader may see it. */
final class ChatDocument {
    private ChatDocument() {}

    static byte[] of(Answer answer, EventPolicy events) {
        Map<String, Object> document = new LinkedHashMap<>();
        boolean paused = answer.outcome() instanceof Outcome.Paused;
        document.put("event", paused ? "workflow_paused" : "message");
        document.put("task_id", answer.taskId().orElse(""));
        document.put("id", answer.messageId().orElse(""));
        document.put("message_id", answer.messageId().orElse(""));
        document.put("conversation_id", answer.conversationId().orElse(""));
        // Of the modes that answer so, only chatflows have outputs or pause.
        document.put("mode", paused || !answer.outputs().isEmpty() ? "advanced-chat" : "chat");
        document.put("answer", answer.text());
        document.put("metadata", events.document(answer.metadata().json()).toMap());
        document.put("created_at", Instant.now().getEpochSecond());
        if (answer.outcome() instanceof Outcome.Paused pause) {
            document.put("workflow_run_id", pause.workflowRunId());
            document.put(
                    "data",
                    Map.of(
                            "status",
                            "paused",
                            "reasons",
                            pause.reasons().stream().map(DifyJson::toMap).toList()));
        }
        return DifyJson.write(document);
    }
}
