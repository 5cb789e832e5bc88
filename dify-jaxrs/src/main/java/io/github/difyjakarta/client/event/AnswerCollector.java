package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one stream into its answer: pieces are joined, a replacement replaces, an agent's closing message that
 * repeats the whole text is not taken twice. What a later event
 * leaves out or nulls stays as it was known, so that the streams of a run that paused can be fed to one collector, one after
 * the other.
 *
 * <p>Grows with what it is fed. Confined to the thread that reads the stream.
 */
public final class AnswerCollector {
    private final AnswerText text = new AnswerText();
    private final boolean withNodes;
    private final Map<String, DifyEvent.MessageFile> messageFiles = new LinkedHashMap<>();
    private final Map<String, DifyEvent.AgentThought> thoughts = new LinkedHashMap<>();
    private final Map<String, StringBuilder> reasoning = new LinkedHashMap<>();
    private final Map<String, NodeExecution> nodes = new LinkedHashMap<>();
    private final ByteArrayOutputStream speech = new ByteArrayOutputStream(0);
    private boolean messageEnded;
    private @Nullable String taskId;
    private @Nullable String conversationId;
    private @Nullable String messageId;
    private @Nullable String workflowRunId;
    private Optional<Instant> createdAt = Optional.empty();
    private @Nullable WorkflowRun run;
    private DifyJson metadata = DifyJson.EMPTY;
    private List<DifyFile> files = List.of();

    /** Collects all but what the nodes of a run did. */
    public AnswerCollector() {
        this(false);
    }

    private AnswerCollector(boolean withNodes) {
        this.withNodes = withNodes;
    }

    /** Collects also what the nodes of a run did, which Dify tells nobody later. Their inputs and outputs can be megabytes. */
    public static AnswerCollector withNodes() {
        return new AnswerCollector(true);
    }

    /** Takes the next event. */
    public void accept(DifyEvent event) {
        take(event);
        if (messageId == null && event.messageId().isPresent()) {
            createdAt = event.createdAt(); // the same in all events, so that one of them is enough to look into
        }
        // After the run's id is known, which can stand in the place of the task's.
        remember(event.frame());
    }

    /** Takes what is known of the run from elsewhere, such as from its detail. */
    public void accept(WorkflowRun known) {
        run = known;
    }

    /** The run of a workflow or chatflow, once an event has named it. */
    public Optional<String> workflowRunId() {
        return Optional.ofNullable(workflowRunId);
    }

    private void take(DifyEvent event) {
        if (event instanceof DifyEvent.Message message) {
            text.append(message);
        } else if (event instanceof DifyEvent.AgentMessage message) {
            text.append(message);
        } else if (event instanceof WorkflowEvent.TextChunk chunk) {
            text.append(chunk.fromVariableSelector(), chunk.text());
        } else if (event instanceof DifyEvent.MessageReplace replacement) {
            text.replace(replacement);
        } else if (event instanceof DifyEvent.MessageFile file) {
            messageFiles.put(file.id(), file);
        } else if (event instanceof DifyEvent.AgentThought thought) {
            thoughts.merge(thought.id(), thought, DifyEvent.AgentThought::updatedBy);
        } else if (event instanceof DifyEvent.Speech piece) {
            speech.writeBytes(piece.audio());
        } else if (event instanceof DifyEvent.MessageEnd end) {
            takeEnd(end);
        } else if (event instanceof WorkflowEvent workflow) {
            takeRun(workflow);
        } else {
            takeNode(event);
        }
    }

    private void remember(DifyFrame frame) {
        String task = frame.taskId().orElse(null);
        // Ends that Dify makes up, and streams that join a run, can have the run's id there, which stops nothing.
        if (task != null && (taskId == null || !task.equals(workflowRunId))) {
            taskId = task;
        }
        conversationId = frame.conversationId().orElse(conversationId);
        messageId = frame.messageId().orElse(messageId);
    }

    private void takeEnd(DifyEvent.MessageEnd end) {
        messageEnded = true;
        metadata = metadata.updatedBy(end.metadata().json());
        if (!end.files().isEmpty()) {
            files = end.files();
        }
    }

    private void takeRun(WorkflowEvent event) {
        if (event instanceof WorkflowEvent.Started started) {
            text.beginRun();
            remember(started.workflowRunId());
        } else if (event instanceof WorkflowEvent.Paused paused) {
            remember(paused.workflowRunId());
            update(paused.run());
        } else if (event instanceof WorkflowEvent.Finished finished) {
            remember(finished.workflowRunId());
            if (!(messageEnded && finished.synthetic())) {
                update(finished.run());
            }
        } else if (event instanceof WorkflowEvent.TextReplace replacement) {
            text.replace(replacement.text());
        } else if (event instanceof WorkflowEvent.ReasoningChunk chunk) {
            reasoning
                    .computeIfAbsent(chunk.nodeId(), first -> new StringBuilder())
                    .append(chunk.reasoning());
        }
    }

    private void remember(String run) {
        if (!run.isEmpty()) {
            workflowRunId = run;
        }
    }

    private void update(WorkflowRun later) {
        run = run == null ? later : new WorkflowRun(run.json().updatedBy(later.json()));
    }

    private void takeNode(DifyEvent event) {
        if (workflowRunId == null && event instanceof NodeEvent node) {
            remember(node.workflowRunId());
        }
        if (!withNodes) {
            return;
        }
        if (event instanceof NodeEvent.Started started) {
            update(started.node());
        } else if (event instanceof NodeEvent.Finished finished) {
            update(finished.node());
        } else if (event instanceof NodeEvent.Retried retried) {
            update(retried.node());
        } else if (event instanceof IterationEvent iteration) {
            update(iteration.node());
        } else if (event instanceof LoopEvent loop) {
            update(loop.node());
        }
    }

    private void update(NodeExecution node) {
        nodes.merge(node.id(), node, NodeExecution::updatedBy);
    }

    /** What there is so far; all of the answer once the stream ended well. */
    public Answer answer(Outcome outcome) {
        AnswerMetadata known = new AnswerMetadata(metadata);
        return new Answer(
                outcome,
                text.toString(),
                text.parts(),
                Optional.ofNullable(taskId),
                Optional.ofNullable(conversationId),
                Optional.ofNullable(messageId),
                Optional.ofNullable(workflowRunId),
                createdAt,
                known,
                files,
                List.copyOf(messageFiles.values()),
                List.copyOf(thoughts.values()),
                reasoning(known),
                speech.size() == 0 ? Audio.NONE : new Audio(speech.toByteArray()),
                Optional.ofNullable(run),
                List.copyOf(nodes.values()),
                DifyJson.EMPTY);
    }

    /** Dify's own summary, where it gave one; what streamed by, where it did not. */
    private Map<String, String> reasoning(AnswerMetadata known) {
        Map<String, String> all = new LinkedHashMap<>();
        reasoning.forEach((node, thought) -> all.put(node, thought.toString()));
        all.putAll(known.reasoning());
        return Collections.unmodifiableMap(all);
    }
}
