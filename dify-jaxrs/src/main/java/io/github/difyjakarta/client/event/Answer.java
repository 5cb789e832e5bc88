package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stream, or the body of a call that was not streamed, amounts to.
 *
 * @param outcome how it ended: completed, stopped or paused; other ends are exceptions
 * @param text the answer; may be empty, is never trimmed. Where moderation replaced it, the replacement
 * @param parts of a workflow's text, by the variables they came from, in the order of their first pieces
 * @param taskId of the run, for the stop endpoints
 * @param conversationId to go on with; absent for completion and workflow apps
 * @param messageId for feedback and suggestions; absent for workflow apps
 * @param workflowRunId of the run of a workflow or chatflow
 * @param createdAt when the message was begun, rounded to seconds: perhaps half a second ahead, and no order within one; absent
 *     for workflow apps, whose {@code run} tells
 * @param metadata what it cost and what it rests on
 * @param files that belong to the answer
 * @param messageFiles that came while it was written
 * @param thoughts the steps of an agent, each as full as it became, in the order in which they began
 * @param reasoning what models thought, by node id, where nodes keep that apart
 * @param speech the answer spoken, where the app does so by itself; its end is often lost
 * @param run how the run of a workflow or chatflow went; absent for other modes
 * @param nodes what the nodes of the run did, in the order in which they began; only where they were asked for
 * @param json the body of a call that was not streamed, as it came; empty for a stream
 */
public record Answer(
        Outcome outcome,
        String text,
        List<TextPart> parts,
        Optional<String> taskId,
        Optional<String> conversationId,
        Optional<String> messageId,
        Optional<String> workflowRunId,
        Optional<Instant> createdAt,
        AnswerMetadata metadata,
        List<DifyFile> files,
        List<DifyEvent.MessageFile> messageFiles,
        List<DifyEvent.AgentThought> thoughts,
        Map<String, String> reasoning,
        Audio speech,
        Optional<WorkflowRun> run,
        List<NodeExecution> nodes,
        DifyJson json) {

    /** What it cost. */
    public Usage usage() {
        return metadata.usage();
    }

    /** The documents it rests on. */
    public List<RetrieverResource> retrieverResources() {
        return metadata.retrieverResources();
    }

    /** The annotation that was given for an answer. */
    public Optional<AnnotationReply> annotationReply() {
        return metadata.annotationReply();
    }

    /** What the run of a workflow or chatflow produced; empty for other modes. */
    public DifyJson outputs() {
        return run.map(WorkflowRun::outputs).orElse(DifyJson.EMPTY);
    }

    /**
     * The answer among the outputs of a chatflow's run. It can differ from the {@link #text}: answers of nodes within loops are
     * in it alone, it has what moderation replaced, and of a run that somebody joined midway it is all of the text.
     */
    public Optional<String> outputAnswer() {
        return outputs().optionalText("answer");
    }

    /**
     * Whether a chat, agent or completion has perhaps been cut at Dify's limit for the time of a run, which ends like a whole
     * answer, but for its tokens not being counted. Never true where another reason is known: a stop, an annotation. It is a
     * guess from how Dify 1.16 tells a price, not a fact.
     */
    public boolean isPerhapsCutShort() {
        return outcome instanceof Outcome.Completed
                && !text.isEmpty()
                && workflowRunId.isEmpty()
                && annotationReply().isEmpty()
                && metadata.json().optionalObject("usage").isPresent()
                && usage().isOfAModelCutShort();
    }
}
