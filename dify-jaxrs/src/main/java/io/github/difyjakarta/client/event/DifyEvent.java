package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * One event of a stream, typed. Texts that Dify left out or sent as {@code null} are empty; what is not modelled is in
 * {@link #fields()}. Unknown events are {@link Other}: Dify keeps adding some.
 *
 * <p>The records here are what chats, agents and completions send; those of workflows and chatflows are in {@link
 * WorkflowEvent}, {@link NodeEvent}, {@link IterationEvent}, {@link LoopEvent}, {@link BranchEvent} and {@link
 * HumanInputEvent}; those of knowledge pipelines in {@link DatasourceEvent}.
 *
 * <p>Names, fields and their meaning: Dify Service API, "Streaming response" of each endpoint that has one; what only a
 * running Dify shows is said where it matters.
 */
public sealed interface DifyEvent
        permits DifyEvent.Message,
                DifyEvent.AgentMessage,
                DifyEvent.MessageReplace,
                DifyEvent.MessageFile,
                DifyEvent.AgentThought,
                DifyEvent.MessageEnd,
                DifyEvent.Speech,
                DifyEvent.Failure,
                DifyEvent.Other,
                WorkflowEvent,
                NodeEvent,
                IterationEvent,
                LoopEvent,
                BranchEvent,
                HumanInputEvent,
                DatasourceEvent {
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

    /** All fields, also what no record names. Parsed anew at each call. */
    default DifyJson fields() {
        return DifyJson.parse(frame().jsonBytes());
    }

    /** The id for the stop endpoints; absent in {@code error} and datasource events. */
    default Optional<String> taskId() {
        return frame().taskId();
    }

    /** The conversation it belongs to; absent for completion and workflow apps, and in some ends that Dify makes up. */
    default Optional<String> conversationId() {
        return frame().conversationId();
    }

    /** The message it belongs to; absent for workflow apps, and in some ends that Dify makes up. */
    default Optional<String> messageId() {
        return frame().messageId();
    }

    /**
     * The run of a workflow or chatflow; empty for other modes, and in the pieces of a chatflow's answer. Parsed anew at each
     * call where it is no component of the record.
     */
    default String workflowRunId() {
        return fields().text("workflow_run_id");
    }

    /**
     * When the message was begun, the same in the whole stream and rounded to seconds; absent for workflow apps. Parsed
     * anew at each call.
     */
    default Optional<Instant> createdAt() {
        return fields().time("created_at");
    }

    /**
     * {@code message}: a piece of the answer. Where an old server labels one {@code message_file}, this is its type all the
     * same.
     *
     * @param answer the piece; may be empty or blanks only
     */
    record Message(DifyFrame frame, String answer) implements DifyEvent {
        /** The message's id. Parsed anew at each call. */
        public String id() {
            return fields().text("id");
        }

        /** In chatflows, the variable that is the source: node id, then names; else empty. Parsed anew at each call. */
        public List<String> fromVariableSelector() {
            return fields().texts("from_variable_selector");
        }
    }

    /**
     * {@code agent_message}: a piece of an agent's answer.
     *
     * @param answer the piece
     */
    record AgentMessage(DifyFrame frame, String answer) implements DifyEvent {
        /** The message's id. Parsed anew at each call. */
        public String id() {
            return fields().text("id");
        }
    }

    /**
     * {@code message_replace}: the whole text so far is to be replaced, as output moderation does. Also what a stream of a
     * run that goes on begins with: all text so far, which is empty while the run works.
     *
     * @param answer all of the text from now on
     * @param reason such as {@code output_moderation}; may be empty, as it is in chats
     */
    record MessageReplace(DifyFrame frame, String answer, String reason) implements DifyEvent {}

    /**
     * {@code message_file}: a file that belongs to the answer.
     *
     * @param id of the file
     * @param type such as {@code image}
     * @param belongsTo {@code user} or {@code assistant}
     * @param url where it can be fetched
     */
    record MessageFile(DifyFrame frame, String id, String type, String belongsTo, Optional<String> url)
            implements DifyEvent {}

    /**
     * {@code agent_thought}: a step of an agent; sent again with the same id as it fills.
     *
     * @param id of the step
     * @param position from 1
     * @param thought what the agent thinks
     * @param observation what a tool answered
     * @param tool names of tools, joined by {@code ;}
     * @param toolLabels names for people by tool and language
     * @param toolInput JSON text
     * @param messageFiles ids of files that a tool made
     */
    record AgentThought(
            DifyFrame frame,
            String id,
            long position,
            String thought,
            String observation,
            String tool,
            DifyJson toolLabels,
            String toolInput,
            List<String> messageFiles)
            implements DifyEvent {
        /** The same step with what a later event knows of it; what that leaves empty stays. */
        AgentThought updatedBy(AgentThought later) {
            return new AgentThought(
                    later.frame,
                    id,
                    later.position == 0 ? position : later.position,
                    later.thought.isEmpty() ? thought : later.thought,
                    later.observation.isEmpty() ? observation : later.observation,
                    later.tool.isEmpty() ? tool : later.tool,
                    later.toolLabels.isEmpty() ? toolLabels : later.toolLabels,
                    later.toolInput.isEmpty() ? toolInput : later.toolInput,
                    later.messageFiles.isEmpty() ? messageFiles : later.messageFiles);
        }
    }

    /**
     * {@code message_end}: the answer is complete.
     *
     * @param id of the message
     * @param metadata what it cost and what it rests on
     * @param files that belong to the answer; empty before Dify 1.9
     */
    record MessageEnd(DifyFrame frame, String id, AnswerMetadata metadata, List<DifyFile> files) implements DifyEvent {
        /** What it cost. */
        public Usage usage() {
            return metadata.usage();
        }
    }

    /**
     * {@code tts_message} and {@code tts_message_end}: a piece of speech.
     *
     * @param audioBase64 one independently encoded piece: decode each, then join the bytes; empty in the last one
     * @param last whether this is {@code tts_message_end}
     */
    record Speech(DifyFrame frame, String audioBase64, boolean last) implements DifyEvent {
        /** The piece decoded; empty where it is no Base64, which is no reason to lose the answer's text. */
        public byte[] audio() {
            try {
                return Base64.getMimeDecoder().decode(audioBase64);
            } catch (IllegalArgumentException e) {
                return new byte[0];
            }
        }
    }

    /**
     * {@code error}: the run failed after the head of the response was out.
     *
     * @param status as if it were an HTTP status; 0 where Dify named none
     * @param code such as {@code completion_request_error}
     * @param message for people
     */
    record Failure(DifyFrame frame, int status, String code, String message) implements DifyEvent {}

    /** Any other event: what newer servers send. */
    record Other(DifyFrame frame) implements DifyEvent {}
}
