package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.event.HumanInputForm;
import io.github.difyjakarta.client.json.DifyJson;
import java.util.Optional;

/**
 * What a person was asked for while an answer was made, since Dify 1.13.
 *
 * @param json all of it, as it came
 */
public record FormContent(DifyJson json) {
    /** The run that asked. */
    public String workflowRunId() {
        return json.text("workflow_run_id");
    }

    /** Whether the form was sent. */
    public boolean submitted() {
        return json.flag("submitted");
    }

    /** The kind of content: {@code human_input}. */
    public String type() {
        return json.text("type");
    }

    /** The form. */
    public Optional<HumanInputForm> form() {
        return json.optionalObject("form_definition").map(HumanInputForm::new);
    }

    /** What was sent. */
    public Optional<Submission> submission() {
        return json.optionalObject("form_submission_data").map(Submission::new);
    }

    /**
     * What was sent with a form.
     *
     * @param json all of it, as it came
     */
    public record Submission(DifyJson json) {
        /** The node that asked. */
        public String nodeId() {
            return json.text("node_id");
        }

        /** Its title. */
        public String nodeTitle() {
            return json.text("node_title");
        }

        /** The form with its inputs filled in. */
        public String renderedContent() {
            return json.text("rendered_content");
        }

        /** Of the button. */
        public String actionId() {
            return json.text("action_id");
        }

        /** On the button. */
        public String actionText() {
            return json.text("action_text");
        }

        /** What was entered, by the inputs' names; empty before Dify 1.15. */
        public DifyJson submittedData() {
            return json.object("submitted_data");
        }
    }
}
