package io.github.difyjakarta.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/**
 * What an app says of itself: {@code GET /info}.
 *
 * @param name of the app
 * @param description for people; may be empty
 * @param mode as Dify names it, such as {@code advanced-chat}; empty before Dify 1.4
 * @param json all of it, as it came
 */
public record AppInfo(String name, String description, String mode, String json) {
    static AppInfo of(JsonNode info, String json) {
        return new AppInfo(
                info.path("name").asText(""),
                info.path("description").asText(""),
                info.path("mode").asText(""),
                json);
    }

    /** The mode, where we know it. */
    public Optional<AppMode> knownMode() {
        return AppMode.named(mode);
    }
}
