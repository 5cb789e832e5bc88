package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import java.util.Optional;

/**
 * What an app says of itself: {@code GET /info}.
 *
 * @param json all of it, as it came
 */
public record AppInfo(DifyJson json) {
    /** What the app is called. */
    public String name() {
        return json.text("name");
    }

    /** What it is for, in words for people; may be empty. */
    public String description() {
        return json.text("description");
    }

    /** What it was tagged with. */
    public List<String> tags() {
        return json.texts("tags");
    }

    /** Its mode as Dify names it, such as {@code advanced-chat}; empty before Dify 1.4.0. */
    public String mode() {
        return json.text("mode");
    }

    /** Who made it; empty before Dify 1.4.3. */
    public String authorName() {
        return json.text("author_name");
    }

    /** The mode, where we know it. */
    public Optional<AppMode> knownMode() {
        return AppMode.named(mode());
    }
}
