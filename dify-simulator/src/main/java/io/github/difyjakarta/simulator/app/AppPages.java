package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a simulated app says about itself, with the keys of a Dify 1.16.0 in their order. Pure. */
final class AppPages {

    private static final String NAME = "Order desk";

    private AppPages() {}

    static ObjectNode info(String mode) {
        ObjectNode info = Json.object().put("name", NAME).put("description", "Orders, deliveries and returns");
        info.putArray("tags");
        return info.put("mode", mode).put("author_name", "Simulator");
    }

    /** An agent has tools, and they have icons at the place where apps are built. */
    static ObjectNode meta(Settings settings, String origin) {
        ObjectNode meta = Json.object();
        ObjectNode icons = meta.putObject("tool_icons");
        if (settings.mode().equals("agent-chat")) {
            String provider = origin + "/console/api/workspaces/current/tool-provider/builtin/";
            icons.put("current_time", provider + "time/icon").put("tts", provider + "audio/icon");
        }
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
}
