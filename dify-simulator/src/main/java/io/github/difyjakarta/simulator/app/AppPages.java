package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a simulated app says about itself, with the keys of a Dify 1.16.0 in their order. Pure. */
final class AppPages {

    private static final String NAME = "Order desk";

    private AppPages() {}

    static ObjectNode info(String mode) {
        ObjectNode info = Json.object().put("name", NAME).put("description", "Orders, deliveries and returns");
        info.putArray("tags");
        return info.put("mode", mode).put("author_name", "Simulator");
    }

    static ObjectNode meta() {
        ObjectNode meta = Json.object();
        meta.putObject("tool_icons");
        return meta;
    }

    static ObjectNode site() {
        return Json.object()
                .put("title", NAME)
                .putNull("chat_color_theme")
                .put("chat_color_theme_inverted", false)
                .put("icon_type", "emoji")
                .put("icon", "📦")
                .put("icon_background", "#FFEAD5")
                .putNull("description")
                .putNull("copyright")
                .putNull("privacy_policy")
                .putNull("input_placeholder")
                .put("custom_disclaimer", "")
                .put("default_language", "en-US")
                .put("show_workflow_steps", true)
                .put("use_icon_as_answer_icon", false)
                .putNull("icon_url");
    }

    static ObjectNode parameters(boolean suggestions) {
        ObjectNode parameters = Json.object().put("opening_statement", OrderDesk.INTRODUCTION);
        OrderDesk.SUGGESTED.forEach(parameters.putArray("suggested_questions")::add);
        parameters.putObject("suggested_questions_after_answer").put("enabled", suggestions);
        parameters.putObject("speech_to_text").put("enabled", false);
        parameters
                .putObject("text_to_speech")
                .put("enabled", false)
                .put("voice", "")
                .put("language", "");
        for (String off : List.of("retriever_resource", "annotation_reply", "more_like_this")) {
            parameters.putObject(off).put("enabled", false);
        }
        parameters.putArray("user_input_form");
        parameters.putObject("sensitive_word_avoidance").put("enabled", false);
        parameters.set("file_upload", fileUpload());
        parameters
                .putObject("system_parameters")
                .put("image_file_size_limit", 10)
                .put("video_file_size_limit", 100)
                .put("audio_file_size_limit", 50)
                .put("file_size_limit", 15)
                .put("workflow_file_upload_limit", 10);
        return parameters;
    }

    private static ObjectNode fileUpload() {
        ObjectNode upload = Json.object().put("enabled", false);
        upload.putArray("allowed_file_types");
        upload.putArray("allowed_file_extensions");
        upload.putArray("allowed_file_upload_methods").add("remote_url").add("local_file");
        upload.put("number_limits", 3)
                .putObject("image")
                .put("enabled", false)
                .put("number_limits", 3)
                .put("detail", "high")
                .putArray("transfer_methods")
                .add("remote_url")
                .add("local_file");
        return upload;
    }
}
