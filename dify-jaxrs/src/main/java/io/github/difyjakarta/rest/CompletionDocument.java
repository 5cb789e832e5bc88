package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.relay.EventPolicy;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** A text as the blocking mode of {@code POST /completion-messages} would give it, as far as its reader may see it. */
final class CompletionDocument {
    private CompletionDocument() {}

    static byte[] of(Answer answer, EventPolicy events) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("event", "message");
        document.put("task_id", answer.taskId().orElse(""));
        document.put("id", answer.messageId().orElse(""));
        document.put("message_id", answer.messageId().orElse(""));
        document.put("mode", "completion");
        document.put("answer", answer.text());
        document.put("metadata", events.document(answer.metadata().json()).toMap());
        document.put("created_at", Instant.now().getEpochSecond());
        return DifyJson.write(document);
    }
}
