package io.github.difyjakarta.client.contract;

import io.github.difyjakarta.simulator.RecordedRequest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a form that was sent, by their names. */
final class SentForm {
    private static final Pattern BOUNDARY = Pattern.compile("multipart/form-data; boundary=(\\S+)");
    private static final Pattern NAME = Pattern.compile("form-data; name=\"([^\"]*)\"");

    private SentForm() {}

    static Map<String, String> read(RecordedRequest request) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : parts(request)) {
            int head = part.indexOf("\r\n\r\n");
            Matcher name = NAME.matcher(part.substring(0, head));
            if (!name.find()) {
                throw new AssertionError("a part without a name: " + part);
            }
            parts.put(name.group(1), part.substring(head + 4, part.length() - 2));
        }
        return parts;
    }

    /** The head of the file's part. */
    static String fileHead(RecordedRequest request) {
        for (String part : parts(request)) {
            if (part.contains("name=\"file\"")) {
                return part.substring(0, part.indexOf("\r\n\r\n"));
            }
        }
        throw new AssertionError("no file in " + request);
    }

    private static Iterable<String> parts(RecordedRequest request) {
        Matcher boundary = BOUNDARY.matcher(request.header("content-type").orElse(""));
        if (!boundary.matches()) {
            throw new AssertionError("no form: " + request.headers());
        }
        String[] pieces = request.body().split("--" + Pattern.quote(boundary.group(1)), -1);
        return Arrays.asList(pieces).subList(1, pieces.length - 1);
    }
}
