package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Optional;

/** An event of a form that a run needs filled. From Dify 1.13 on; Dify Service API, "Human Input". */
public sealed interface HumanInputEvent extends DifyEvent {
    /**
     * {@code human_input_required}: the run will pause until the form is filled.
     *
     * @param workflowRunId of the run
     * @param form to be filled
     */
    record Required(DifyFrame frame, String workflowRunId, HumanInputForm form) implements HumanInputEvent {}

    /**
     * {@code human_input_form_filled}: in the stream of the run that goes on. Documented; Dify 1.16 does not send it.
     *
     * @param workflowRunId of the run
     * @param nodeId of the form's node
     * @param nodeTitle its title
     * @param renderedContent the form's text with what was entered
     * @param actionId the button that was pressed
     * @param actionText its text
     * @param submittedData what was entered, by name; from Dify 1.15 on
     */
    record Filled(
            DifyFrame frame,
            String workflowRunId,
            String nodeId,
            String nodeTitle,
            String renderedContent,
            String actionId,
            String actionText,
            DifyJson submittedData)
            implements HumanInputEvent {}

    /**
     * {@code human_input_form_timeout}: nobody filled it in time. Documented; Dify 1.16 does not send it.
     *
     * @param workflowRunId of the run
     * @param nodeId of the form's node
     * @param nodeTitle its title
     * @param expiredAt when
     */
    record TimedOut(DifyFrame frame, String workflowRunId, String nodeId, String nodeTitle, Optional<Instant> expiredAt)
            implements HumanInputEvent {}
}
