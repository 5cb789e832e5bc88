package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code GET /parameters}: what a page needs to know of the app, with the keys of each mode in their order. Pure. */
final class AppParameters {

    private static final int MAX_TEXT = 20_000;

    private final Settings settings;

    private AppParameters(Settings settings) {
        this.settings = settings;
    }

    static ObjectNode of(Settings settings, AnnotationReply reply) {
        return new AppParameters(settings).json(reply);
    }

    private ObjectNode json(AnnotationReply reply) {
        ObjectNode json = Json.object().put("opening_statement", introduction());
        ArrayNode questions = json.putArray("suggested_questions");
        if (settings.isChat()) {
            OrderDesk.SUGGESTED.forEach(questions::add);
        }
        boolean suggestions = settings.isChat() && settings.suggestions();
        json.set("suggested_questions_after_answer", enabled(suggestions));
        json.set("speech_to_text", enabled(settings.listens()));
        json.set("text_to_speech", textToSpeech());
        json.set("retriever_resource", enabled(true));
        json.set("annotation_reply", reply.parameters());
        json.set("more_like_this", enabled(settings.mode().equals("completion")));
        json.putArray("user_input_form").addAll(form());
        json.set("sensitive_word_avoidance", enabled(false));
        json.set("file_upload", fileUpload());
        json.putObject("system_parameters")
                .put("image_file_size_limit", 10)
                .put("video_file_size_limit", 100)
                .put("audio_file_size_limit", 50)
                .put("file_size_limit", 15)
                .put("workflow_file_upload_limit", 10);
        return json;
    }

    private @Nullable String introduction() {
        return settings.isChat() ? OrderDesk.INTRODUCTION : settings.mode().equals("workflow") ? "" : null;
    }

    private ObjectNode textToSpeech() {
        if (settings.reads()) {
            return enabled(true).put("voice", "alloy").put("language", "en-US");
        }
        return settings.mode().equals("workflow")
                ? enabled(false).put("language", "").put("voice", "")
                : enabled(false).put("voice", "").put("language", "");
    }

    private ObjectNode fileUpload() {
        ObjectNode upload = enabled(settings.takesFiles());
        boolean graph = settings.isChatflow() || settings.mode().equals("workflow");
        if (settings.takesFiles()) {
            Attachments.TYPES.forEach(upload.putArray("allowed_file_types")::add);
            ArrayNode extensions = upload.putArray("allowed_file_extensions");
            if (!graph) {
                List.of(".JPG", ".PNG", ".TXT", ".PDF").forEach(extensions::add);
            }
            Attachments.METHODS.forEach(upload.putArray("allowed_file_upload_methods")::add);
            upload.put("number_limits", Attachments.MAX);
        }
        if (!graph) {
            ObjectNode image = enabled(settings.takesFiles())
                    .put("number_limits", Attachments.MAX)
                    .put("detail", "high");
            Attachments.METHODS.forEach(image.putArray("transfer_methods")::add);
            upload.set("image", image);
        }
        return upload;
    }

    /** Something to choose and to fill in, nothing that must be: a question without inputs is always welcome. */
    private List<ObjectNode> form() {
        return switch (settings.mode()) {
            case "completion" -> List.of(control("paragraph", "topic", "Topic", 2000));
            case "workflow", "advanced-chat" ->
                List.of(
                        startVariable("text-input", "order", List.of()),
                        startVariable("paragraph", "notes", List.of()),
                        startVariable("select", "language", List.of("English", "Deutsch", "Polski")),
                        startVariable("number", "pieces", List.of()),
                        startVariable("checkbox", "urgent", List.of()),
                        startVariable("json_object", "details", List.of()));
            default ->
                List.of(
                        textInput("name", "Name"),
                        select("tone", "Tone", List.of("calm", "cheerful")),
                        control("paragraph", "notes", "Notes", 2000),
                        control("number", "pieces", "Pieces", 48));
        };
    }

    private static ObjectNode control(String kind, String variable, String label, int maxLength) {
        ObjectNode control = Json.object();
        control.putObject(kind)
                .put("label", label)
                .put("variable", variable)
                .put("required", false)
                .put("max_length", maxLength);
        return control;
    }

    private static ObjectNode textInput(String variable, String label) {
        ObjectNode control = control("text-input", variable, label, 48);
        control.withObject("/text-input").put("default", "");
        return control;
    }

    private static ObjectNode select(String variable, String label, List<String> options) {
        ObjectNode control = Json.object();
        ObjectNode select = control.putObject("select")
                .put("label", label)
                .put("variable", variable)
                .put("required", false);
        options.forEach(select.putArray("options")::add);
        select.put("default", "");
        return control;
    }

    /** A variable of a graph's start node. */
    private static ObjectNode startVariable(String kind, String variable, List<String> options) {
        ObjectNode control = Json.object();
        ObjectNode details = control.putObject(kind)
                .put("variable", variable)
                .put("label", variable)
                .put("type", kind)
                .put("required", false)
                .put("max_length", MAX_TEXT);
        options.forEach(details.putArray("options")::add);
        return control;
    }

    private static ObjectNode enabled(boolean on) {
        return Json.object().put("enabled", on);
    }
}
