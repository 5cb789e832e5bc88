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

    /** Completion and workflow apps answer by scripts alone; without one they look like an app set up wrongly. */
    static Refusal unavailable() {
        return Refusal.of(400, "app_unavailable", "App unavailable, please check your app configurations.");
    }

    static Refusal notWorkflow(Settings settings) {
        return settings.mode().equals("workflow") ? unavailable() : Refusal.wrongMode("not_workflow_app");
    }
}
