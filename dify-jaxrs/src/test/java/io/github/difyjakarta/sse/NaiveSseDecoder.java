package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** The WHATWG text taken word for word, on a whole stream at once: slow, and obviously right. */
final class NaiveSseDecoder {
    record Event(String type, String data, String id) {}

    private NaiveSseDecoder() {}

    static List<Event> decode(byte[] stream) {
        String text = new String(stream, UTF_8);
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        List<Event> events = new ArrayList<>();
        StringBuilder data = new StringBuilder();
        String type = "";
        String id = "";
        for (String line : lines(text)) {
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    events.add(new Event(type.isEmpty() ? "message" : type, data.substring(0, data.length() - 1), id));
                }
                data.setLength(0);
                type = "";
                continue;
            }
            int colon = line.indexOf(':');
            String field = colon < 0 ? line : line.substring(0, colon);
            String value = colon < 0 ? "" : line.substring(colon + 1);
            if (value.startsWith(" ")) {
                value = value.substring(1);
            }
            switch (field) {
                case "event" -> type = value;
                case "data" -> data.append(value).append('\n');
                case "id" -> id = value.indexOf(0) < 0 ? value : id;
                default -> {
                    // comments have an empty name; all else is unknown
                }
            }
        }
        return events;
    }

    /** Complete lines only: what no line end follows is never processed. */
    private static List<String> lines(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\r' || c == '\n') {
                if (c == '\r' && i + 1 < text.length() && text.charAt(i + 1) == '\n') {
                    i++;
                }
                lines.add(line.toString());
                line.setLength(0);
            } else {
                line.append(c);
            }
        }
        return lines;
    }
}
