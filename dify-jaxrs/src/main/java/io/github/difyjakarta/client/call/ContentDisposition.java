package io.github.difyjakarta.client.call;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The header that names a file (RFC 6266). Pure. */
final class ContentDisposition {
    /** {@code ; name = token} or {@code ; name = "quoted"}, in which a backslash stands before what is meant. */
    private static final Pattern PARAMETER =
            Pattern.compile("\\G\\s*;\\s*([^=;\\s]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^;]*+))");

    /** {@code UTF-8'en'%e2%82%ac}: RFC 8187. */
    private static final Pattern ENCODED = Pattern.compile("([^']*)'[^']*'(.*)");

    private ContentDisposition() {}

    /**
     * The file's name, without directories, which are none of the sender's business; the encoded one where there are two.
     *
     * @param header all of it; empty for none
     */
    static Optional<String> fileName(String header) {
        Map<String, String> parameters = parameters(header);
        return Optional.ofNullable(parameters.get("filename*"))
                .flatMap(ContentDisposition::decoded)
                .or(() -> Optional.ofNullable(parameters.get("filename")))
                .map(name -> name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1))
                .filter(name -> !name.isBlank() && !name.equals(".") && !name.equals(".."));
    }

    private static Map<String, String> parameters(String header) {
        Map<String, String> parameters = new TreeMap<>();
        int type = header.indexOf(';');
        if (type >= 0) {
            Matcher next = PARAMETER.matcher(header).region(type, header.length());
            while (next.find()) {
                String quoted = next.group(2);
                String value = quoted == null ? next.group(3).strip() : quoted.replaceAll("\\\\(.)", "$1");
                parameters.putIfAbsent(next.group(1).toLowerCase(Locale.ROOT), value);
            }
        }
        return parameters;
    }

    /** Empty where it is not encoded as it says: then the plain one may do. */
    private static Optional<String> decoded(String value) {
        Matcher matcher = ENCODED.matcher(value);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Charset charset = matcher.group(1).equalsIgnoreCase("ISO-8859-1") ? ISO_8859_1 : UTF_8;
        try {
            return Optional.of(URLDecoder.decode(matcher.group(2).replace("+", "%2B"), charset));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
