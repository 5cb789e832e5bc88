package io.github.difyjakarta.client.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stream amounts to.
 *
 * @param outcome how it ended: completed, stopped or paused; other ends are exceptions
 * @param text the answer; may be empty, is never trimmed
 * @param taskId of the run
 * @param conversationId to go on with; absent for completion and workflow apps
 * @param messageId for feedback and suggestions; absent for workflow apps
 * @param usage what it cost
 * @param metadata all of {@code message_end.metadata}, as it came
 * @param files that belong to the answer, as they came
 * @param outputs of the workflow run, as they came; empty for other modes
 */
public record Answer(
        Outcome outcome,
        String text,
        Optional<String> taskId,
        Optional<String> conversationId,
        Optional<String> messageId,
        Usage usage,
        Map<String, Object> metadata,
        List<Map<String, Object>> files,
        Map<String, Object> outputs) {}
