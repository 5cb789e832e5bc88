package io.github.difyjakarta.simulator.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a {@code multipart/form-data} body, by RFC 7578: any bytes, names in UTF-8. A body that is none, or breaks
 * off, has the parts before its fault. Immutable, pure.
 */
public final class Multipart {

    private static final int MAX_PARTS = 1000;
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");

    /** One part; a file if it has a file name, even an empty one. Its bytes stay where they are until asked for. */
    public static final class Part {
        private final String name;
        private final Optional<String> filename;
        private final String contentType;
        private final byte[] body;
        private final int start;
        private final int end;

        private Part(Map<String, String> disposition, String contentType, byte[] body, int start, int end) {
            this.name = disposition.getOrDefault("name", "");
            this.filename = Optional.ofNullable(disposition.get("filename"));
            this.contentType = contentType;
            this.body = body;
            this.start = start;
            this.end = end;
        }

        public String name() {
            return name;
        }

        public Optional<String> filename() {
            return filename;
        }

        /** Lower case, without parameters; empty if it was not sent. */
        public String mimeType() {
            return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        }

        public int size() {
            return end - start;
        }

        /** A copy. */
        public byte[] bytes() {
            return Arrays.copyOfRange(body, start, end);
        }

        String text() {
            return new String(body, start, end - start, StandardCharsets.UTF_8);
        }
    }

    private final List<Part> parts;

    private Multipart(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Reads the body of a request; without parts if its content type is another one. */
    public static Multipart of(HttpRequest request) {
        String type = request.header("content-type").orElse("");
        String boundary = HeaderParameters.of(type).getOrDefault("boundary", "");
        boolean form = type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
        return new Multipart(form && !boundary.isEmpty() ? parse(request.bytes(), boundary) : List.of());
    }

    /** The text of the first field of this name that is no file. */
    public Optional<String> field(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name) && part.filename().isEmpty())
                .findFirst()
                .map(Part::text);
    }

    /** The files in their order. */
    public List<Part> files() {
        return parts.stream().filter(part -> part.filename().isPresent()).toList();
    }

    private static List<Part> parse(byte[] body, String boundary) {
        byte[] delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.UTF_8);
        List<Part> parts = new ArrayList<>();
        int next = afterFirst(body, delimiter);
        while (next >= 0 && !isAt(body, next, ascii("--")) && parts.size() < MAX_PARTS) {
            // From the end of the delimiter's line, so that a head without headers is seen as well.
            int head = indexOf(body, CRLF, next);
            int headEnd = head < 0 ? -1 : indexOf(body, END_OF_HEAD, head);
            int end = headEnd < 0 ? -1 : indexOf(body, delimiter, headEnd + CRLF.length);
            if (end < 0) {
                break;
            }
            int start = Math.min(headEnd + END_OF_HEAD.length, end);
            parts.add(part(new String(body, head, headEnd - head, StandardCharsets.UTF_8), body, start, end));
            next = end + delimiter.length;
        }
        return parts;
    }

    /** The first delimiter may be at the very beginning, without a line before it. */
    private static int afterFirst(byte[] body, byte[] delimiter) {
        byte[] withoutLine = Arrays.copyOfRange(delimiter, CRLF.length, delimiter.length);
        if (isAt(body, 0, withoutLine)) {
            return withoutLine.length;
        }
        int first = indexOf(body, delimiter, 0);
        return first < 0 ? -1 : first + delimiter.length;
    }

    private static Part part(String head, byte[] body, int start, int end) {
        String disposition = "";
        String type = "";
        for (String line : head.split("\r\n", -1)) {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).strip().toLowerCase(Locale.ROOT);
            if (name.equals("content-disposition")) {
                disposition = line.substring(colon + 1);
            } else if (name.equals("content-type")) {
                type = line.substring(colon + 1);
            }
        }
        Map<String, String> parameters = HeaderParameters.of(disposition);
        String extended = parameters.getOrDefault("filename*", "");
        if (extended.toLowerCase(Locale.ROOT).startsWith("utf-8''")) {
            parameters.put("filename", percentDecoded(extended.substring("utf-8''".length())));
        }
        return new Part(parameters, type, body, start, end);
    }

    private static String percentDecoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            // A lone percent sign means itself.
            return text;
        }
    }

    private static int indexOf(byte[] text, byte[] part, int from) {
        for (int i = from; i <= text.length - part.length; i++) {
            if (text[i] == part[0] && isAt(text, i, part)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isAt(byte[] text, int at, byte[] part) {
        return at + part.length <= text.length && Arrays.equals(text, at, at + part.length, part, 0, part.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
