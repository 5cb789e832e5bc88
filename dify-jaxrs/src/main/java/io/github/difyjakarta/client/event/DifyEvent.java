package io.github.difyjakarta.client.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One event of a stream, typed. Texts that Dify left out or sent as {@code null} are empty; what is not modelled is in
 * {@link #json()}. Unknown events are {@link Other}: Dify keeps adding some.
 *
 * <p>Names, fields and their meaning: Dify's Service API, "Streaming response".
 */
public sealed interface DifyEvent {
    /** The event as it came. */
    DifyFrame frame();

    /** The {@code event} field. */
    default String name() {
        return frame().name();
    }

    /** The raw JSON. */
    default String json() {
        return frame().json();
    }

    /**
     * A piece of the answer.
     *
     * @param answer the piece; may be empty or blanks only
     */
    record Message(DifyFrame frame, String answer) implements DifyEvent {}

    /**
     * A piece of an agent's answer.
     *
     * @param answer the piece
     */
    record AgentMessage(DifyFrame frame, String answer) implements DifyEvent {}

    /**
     * The whole text so far is to be replaced, as output moderation does.
     *
     * @param answer all of the text from now on
     * @param reason such as {@code output_moderation}; may be empty
     */
    record MessageReplace(DifyFrame frame, String answer, String reason) implements DifyEvent {}

    /**
     * A file that belongs to the answer. On older servers the same name can carry a piece of text.
     *
     * @param id of the file
     * @param type such as {@code image}
     * @param belongsTo {@code user} or {@code assistant}
     * @param url where it can be fetched; absent when this is text in disguise
     * @param answer a piece of the answer; absent when this is a file
     */
    record MessageFile(
            DifyFrame frame, String id, String type, String belongsTo, Optional<String> url, Optional<String> answer)
            implements DifyEvent {}

    /**
     * A step of an agent; sent again with the same id as it fills.
     *
     * @param id of the step
     * @param position from 1
     * @param thought what the agent thinks
     * @param observation what a tool answered
     * @param tool names of tools, joined by {@code ;}
     * @param toolInput JSON text
     */
    record AgentThought(
            DifyFrame frame,
            String id,
            long position,
            String thought,
            String observation,
            String tool,
            String toolInput)
            implements DifyEvent {}

    /**
     * The answer is complete.
     *
     * @param id of the message
     * @param usage what it cost
     * @param metadata all of {@code metadata}, as it came
     * @param files that belong to the answer
     */
    record MessageEnd(
            DifyFrame frame, String id, Usage usage, Map<String, Object> metadata, List<Map<String, Object>> files)
            implements DifyEvent {}

    /**
     * A piece of speech.
     *
     * @param audioBase64 one independently encoded piece: decode each, then join the bytes; empty in the last one
     * @param last whether this is {@code tts_message_end}
     */
    record Speech(DifyFrame frame, String audioBase64, boolean last) implements DifyEvent {}

    /**
     * The run failed after the head of the response was out.
     *
     * @param status as if it were an HTTP status; 0 where Dify named none
     * @param code such as {@code completion_request_error}
     * @param message for people
     */
    record Failure(DifyFrame frame, int status, String code, String message) implements DifyEvent {}

    /**
     * A run of a workflow or chatflow began, or goes on after a pause.
     *
     * @param workflowRunId of the run
     * @param reason {@code initial} or {@code resumption}; empty before Dify 1.13
     */
    record WorkflowStarted(DifyFrame frame, String workflowRunId, String reason) implements DifyEvent {}

    /**
     * A run ended.
     *
     * @param workflowRunId of the run
     * @param status {@code succeeded}, {@code partial-succeeded}, {@code failed}, {@code stopped}, or a newer one
     * @param error why, where it failed or was stopped; free text
     * @param outputs what the run produced
     * @param totalTokens at least 0
     * @param synthetic made up by Dify's worker because the run left no end of its own
     */
    record WorkflowFinished(
            DifyFrame frame,
            String workflowRunId,
            String status,
            String error,
            Map<String, Object> outputs,
            long totalTokens,
            boolean synthetic)
            implements DifyEvent {}

    /**
     * A run waits for a human.
     *
     * @param workflowRunId of the run
     * @param reasons what it waits for, as they came
     */
    record WorkflowPaused(DifyFrame frame, String workflowRunId, List<Map<String, Object>> reasons)
            implements DifyEvent {}

    /**
     * A piece of a workflow's text.
     *
     * @param text the piece
     */
    record TextChunk(DifyFrame frame, String text) implements DifyEvent {}

    /** Any other event: nodes, iterations, loops, logs, and what newer servers send. */
    record Other(DifyFrame frame) implements DifyEvent {}
}
