package io.github.difyjakarta.simulator.app;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Which endpoints an app of some mode has. Pure. */
final class Modes {

    static final String APP_ID = UUID.nameUUIDFromBytes("order desk".getBytes(StandardCharsets.UTF_8))
            .toString();

    private Modes() {}

    static void requireChat(Settings settings) {
        if (!settings.isChat()) {
            throw Refusal.wrongMode("not_chat_app");
        }
    }

    /** There is a code of its own for this, but Dify never uses it. */
    static void requireCompletion(Settings settings) {
        if (!settings.mode().equals("completion")) {
            throw Refusal.of(400, "app_unavailable", "App unavailable, please check your app configurations.");
        }
    }

    static void requireWorkflow(Settings settings) {
        if (!settings.isWorkflow()) {
            throw Refusal.wrongMode("not_workflow_app");
        }
    }

    /** A workflow or a chatflow. */
    static void requireFlow(Settings settings) {
        boolean chatflow = settings.isChatflow() && settings.version().isFrom(1, 3, 1);
        if (!settings.isWorkflow() && !chatflow) {
            throw Refusal.wrongMode("not_workflow_app");
        }
    }
}
