package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.Optional;

/**
 * How Dify's own web page of an app looks: {@code GET /site}, since Dify 1.4.0. Texts that are not set are empty.
 *
 * @param json all of it, as it came
 */
public record Site(DifyJson json) {
    /** Of the page. */
    public String title() {
        return json.text("title");
    }

    /** Such as {@code #4A90D9}. */
    public String chatColorTheme() {
        return json.text("chat_color_theme");
    }

    /** Whether the theme is inverted. */
    public boolean chatColorThemeInverted() {
        return json.flag("chat_color_theme_inverted");
    }

    /** {@code emoji} or {@code image}. */
    public String iconType() {
        return json.text("icon_type");
    }

    /** An emoji, or the id of an image. */
    public String icon() {
        return json.text("icon");
    }

    /** A colour. */
    public String iconBackground() {
        return json.text("icon_background");
    }

    /** Of an image. */
    public Optional<String> iconUrl() {
        return json.optionalText("icon_url");
    }

    /** For people. */
    public String description() {
        return json.text("description");
    }

    /** Whose app it is. */
    public String copyright() {
        return json.text("copyright");
    }

    /** A URL. */
    public String privacyPolicy() {
        return json.text("privacy_policy");
    }

    /** In the empty field for questions. */
    public String inputPlaceholder() {
        return json.text("input_placeholder");
    }

    /** Below the answers. */
    public String customDisclaimer() {
        return json.text("custom_disclaimer");
    }

    /** Such as {@code en-US}. */
    public String defaultLanguage() {
        return json.text("default_language");
    }

    /** Whether users see the nodes of a run. */
    public boolean showsWorkflowSteps() {
        return json.flag("show_workflow_steps");
    }

    /** Whether answers carry the icon. */
    public boolean usesIconForAnswers() {
        return json.flag("use_icon_as_answer_icon");
    }
}
