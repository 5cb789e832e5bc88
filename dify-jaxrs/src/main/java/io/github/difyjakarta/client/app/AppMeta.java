package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Icons of the tools an app uses: {@code GET /meta}.
 *
 * @param toolIcons by name of the tool
 * @param json all of it, as it came
 */
public record AppMeta(Map<String, ToolIcon> toolIcons, DifyJson json) {
    /**
     * An icon: an image on the web, or a character on a coloured ground.
     *
     * @param url of the image
     * @param background a colour such as {@code #4A90D9}; empty with an image
     * @param content the character, an emoji; empty with an image
     */
    public record ToolIcon(Optional<String> url, String background, String content) {}

    static AppMeta of(DifyJson json) {
        DifyJson icons = json.object("tool_icons");
        Map<String, ToolIcon> byTool = new LinkedHashMap<>();
        icons.fields().forEach(tool -> byTool.put(tool, icon(icons, tool)));
        return new AppMeta(Map.copyOf(byTool), json);
    }

    private static ToolIcon icon(DifyJson icons, String tool) {
        DifyJson drawn = icons.object(tool);
        return new ToolIcon(icons.optionalText(tool), drawn.text("background"), drawn.text("content"));
    }
}
