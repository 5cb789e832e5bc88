package io.github.difyjakarta.client.event;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Follows a stream of any app mode and tells its outcome.
 *
 * <p>The last word depends on the mode, which the events show: a chatflow says both {@code message_end} and
 * {@code workflow_finished}, in either order, so neither alone ends the stream; once its {@code message_end} came it has
 * succeeded, whatever synthetic failure follows (annotation hits and input moderation end so).
 *
 * <p>Confined to the thread that reads the stream.
 */
public final class OutcomeTracker {
    /** The {@code code} of a stream that ended without a terminal event. */
    public static final String TRUNCATED = "truncated";

    /** The {@code code} of a workflow run that failed: Dify gives only a text for it. */
    public static final String WORKFLOW_FAILED = "workflow_failed";

    private boolean messageEnded;
    private boolean workflowStarted;
    private boolean workflowFinished;
    private boolean chatflow;
    private @Nullable Outcome outcome;

    /** Takes the next event. Cheap for the pieces of an answer: only terminal events are parsed. */
    public void accept(DifyFrame frame) {
        switch (frame.name()) {
            case "message", "message_replace" -> chatflow |= workflowStarted;
            case "workflow_started" -> {
                workflowStarted = true;
                chatflow |= frame.conversationId().isPresent();
            }
            case "message_end" -> {
                messageEnded = true;
                chatflow |= workflowStarted;
                if (!(outcome instanceof Outcome.Failed || outcome instanceof Outcome.Stopped)) {
                    outcome = new Outcome.Completed();
                }
            }
            case "error", "workflow_finished", "workflow_paused" -> acceptTerminal(frame.toEvent());
            default -> {
                // neither an end nor a hint about the mode
            }
        }
    }

    private void acceptTerminal(DifyEvent event) {
        if (event instanceof DifyEvent.Failure failure) {
            if (!(outcome instanceof Outcome.Failed)) {
                outcome = new Outcome.Failed(failure.status(), failure.code(), failure.message());
            }
        } else if (event instanceof WorkflowEvent.Paused paused) {
            outcome = new Outcome.Paused(paused.workflowRunId(), paused.reasons());
        } else if (event instanceof WorkflowEvent.Finished finished) {
            workflowFinished = true;
            if (messageEnded && finished.synthetic()) {
                return;
            }
            WorkflowRun run = finished.run();
            outcome = switch (run.status().name()) {
                case "failed" ->
                    new Outcome.Failed(0, WORKFLOW_FAILED, run.error().orElse(""));
                case "stopped" -> new Outcome.Stopped();
                default -> new Outcome.Completed();
            };
        }
    }

    /**
     * Whether nothing that matters to a user can follow any more. Until both ends of a chatflow came, the other may still
     * be on its way; the tail of a speech is not waited for.
     */
    public boolean isFinal() {
        if (outcome == null) {
            return false;
        }
        return !(outcome instanceof Outcome.Completed) || !chatflow || (messageEnded && workflowFinished);
    }

    /** Whether a workflow or chatflow is behind the stream, as far as its events show. */
    public boolean isWorkflow() {
        return workflowStarted;
    }

    /** The outcome so far; empty while no terminal event came. */
    public Optional<Outcome> outcome() {
        return Optional.ofNullable(outcome);
    }

    /** The outcome now that the stream has ended. */
    public Outcome atEnd() {
        return outcome == null ? new Outcome.Truncated(TRUNCATED) : outcome;
    }
}
