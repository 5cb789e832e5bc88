package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A form that a run waits for: of {@code human_input_required}, a reason of {@code workflow_paused}, or what the form's own
 * endpoint answers. It can be sent once. Dify Service API, "Human Input".
 *
 * @param json all of it, as it came
 */
public record HumanInputForm(DifyJson json) {
    /** The forms among the reasons of a pause. */
    static List<HumanInputForm> among(List<DifyJson> reasons) {
        return reasons.stream()
                .filter(reason -> reason.text("TYPE").equals("human_input_required") || reason.has("form_id"))
                .map(HumanInputForm::new)
                .toList();
    }

    /** Of the form; not what the endpoints want. */
    public String id() {
        return json.text("form_id");
    }

    /** For the form's endpoints; absent where the form goes to people by other ways than the web app. */
    public Optional<String> token() {
        return json.optionalText("form_token");
    }

    /** The node that asks. */
    public String nodeId() {
        return json.text("node_id");
    }

    /** The title of the node that asks. */
    public String nodeTitle() {
        return json.text("node_title");
    }

    /** Markdown, with {@code {{#$output.name#}}} where the input of that name belongs. */
    public String content() {
        return json.text("form_content");
    }

    /** What is to be entered. */
    public List<FormInput> inputs() {
        return json.objects("inputs").stream().map(FormInput::new).toList();
    }

    /** The buttons, of which one is to be pressed. */
    public List<FormAction> actions() {
        String field = json.has("actions") ? "actions" : "user_actions";
        return json.objects(field).stream().map(FormAction::new).toList();
    }

    /** What the inputs begin with where that is a variable's value: by name. */
    public DifyJson defaults() {
        return json.object("resolved_default_values");
    }

    /** Whether the app's own user interface should show it. */
    public boolean displayInUi() {
        return json.flag("display_in_ui");
    }

    /** By what ways people may answer. From Dify 1.15 on. */
    public List<String> approvalChannels() {
        return json.texts("approval_channels");
    }

    /** Until when it can be sent. */
    public Optional<Instant> expiresAt() {
        return json.time("expiration_time");
    }
}
