package io.github.difyjakarta.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a form with files (RFC 7578), and is strict about it: whatever is not as it must be is an {@link AssertionError}. */
final class FormParser {
    private static final Pattern DISPOSITION =
            Pattern.compile("form-data; name=\"([^\"\r\n]*)\"(?:; filename=\"([^\"\r\n]*)\")?");

    /** A field or file. */
    record Part(String fileName, String mediaType, byte[] content) {
        String text() {
            return new String(content, UTF_8);
        }
    }

    /** All of a form. */
    record Form(Map<String, Part> parts) {
        Part part(String name) {
            Part part = parts.get(name);
            if (part == null) {
                throw new AssertionError("no part " + name + " but " + parts.keySet());
            }
            return part;
        }
    }

    private FormParser() {}

    static Form parse(String contentType, byte[] body) {
        String prefix = "multipart/form-data; boundary=";
        require(contentType.startsWith(prefix), "content type " + contentType);
        String boundary = contentType.substring(prefix.length());
        require(boundary.matches("[0-9A-Za-z'()+_,./:=?-]{1,70}"), "boundary " + boundary);
        // One character for each byte, so that positions are those of bytes.
        String text = new String(body, ISO_8859_1);
        String delimiter = "--" + boundary;
        require(text.startsWith(delimiter + "\r\n"), "the first delimiter");
        require(text.endsWith("\r\n" + delimiter + "--\r\n"), "the last delimiter");
        Map<String, Part> parts = new LinkedHashMap<>();
        int start = delimiter.length() + 2;
        while (start < text.length() && !text.startsWith("--", start - 2)) {
            int end = text.indexOf("\r\n" + delimiter, start);
            int head = text.indexOf("\r\n\r\n", start);
            require(head >= 0 && head < end, "an empty line after a part's head");
            add(
                    parts,
                    new String(text.substring(start, head).getBytes(ISO_8859_1), UTF_8),
                    Arrays.copyOfRange(body, head + 4, end));
            start = end + 2 + delimiter.length() + 2;
        }
        return new Form(parts);
    }

    private static void add(Map<String, Part> parts, String head, byte[] content) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : head.split("\r\n", -1)) {
            String[] pair = line.split(": ", 2);
            require(pair.length == 2, "a header in " + line);
            headers.put(pair[0], pair[1]);
        }
        Matcher disposition = DISPOSITION.matcher(headers.getOrDefault("Content-Disposition", ""));
        require(disposition.matches(), "a disposition in " + head);
        String fileName = disposition.group(2) == null ? "" : disposition.group(2);
        Part before =
                parts.put(disposition.group(1), new Part(fileName, headers.getOrDefault("Content-Type", ""), content));
        require(before == null, "one part of the name " + disposition.group(1));
    }

    private static void require(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("Not a form: " + what);
        }
    }
}
