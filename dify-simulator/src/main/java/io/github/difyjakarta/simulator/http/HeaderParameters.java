package io.github.difyjakarta.simulator.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Reads what follows the first semicolon of a header: {@code form-data; name="a"; filename="b; c"}. Pure. */
final class HeaderParameters {

    private final String text;
    private int position;

    private HeaderParameters(String text) {
        this.text = text;
        this.position = text.indexOf(';');
    }

    /** By lower-case names; may be changed. */
    static Map<String, String> of(String header) {
        HeaderParameters reader = new HeaderParameters(header);
        Map<String, String> parameters = new LinkedHashMap<>();
        while (reader.position >= 0 && reader.position < header.length()) {
            reader.position++;
            String name = reader.until("=;").strip().toLowerCase(Locale.ROOT);
            String value = reader.isAt('=') ? reader.value() : "";
            if (!name.isEmpty()) {
                parameters.putIfAbsent(name, value);
            }
            reader.until(";");
        }
        return parameters;
    }

    private String value() {
        position++;
        while (isAt(' ')) {
            position++;
        }
        return isAt('"') ? quoted() : until(";").strip();
    }

    /** A backslash stands before a quotation mark or itself alone: in a Windows path it is one. */
    private String quoted() {
        StringBuilder value = new StringBuilder();
        for (position++; position < text.length() && !isAt('"'); position++) {
            boolean escapes =
                    isAt('\\') && position + 1 < text.length() && "\"\\".indexOf(text.charAt(position + 1)) >= 0;
            if (escapes) {
                position++;
            }
            value.append(text.charAt(position));
        }
        return value.toString();
    }

    private String until(String ends) {
        int start = position;
        while (position < text.length() && ends.indexOf(text.charAt(position)) < 0) {
            position++;
        }
        return text.substring(Math.min(start, text.length()), position);
    }

    private boolean isAt(char wanted) {
        return position < text.length() && text.charAt(position) == wanted;
    }
}
