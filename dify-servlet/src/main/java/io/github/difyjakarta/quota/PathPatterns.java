package io.github.difyjakarta.quota;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * URL patterns of the Servlet kind ({@code /chat}, {@code /dify/*}, {@code *.jsp}, {@code /*}) that also match what a lenient
 * application may take for the same: other case, doubled and trailing slashes, dots, path parameters. Too much is counted rather
 * than too little. Immutable.
 */
public final class PathPatterns {

    /** Of plain paths. */
    private final List<Predicate<String>> patterns;

    /** Patterns; none matches nothing. */
    public PathPatterns(List<String> patterns) {
        this.patterns = patterns.stream()
                .map(pattern -> pattern(pattern.toLowerCase(Locale.ROOT)))
                .toList();
    }

    /**
     * Whether a path is meant by a pattern.
     *
     * @param path below the context, decoded
     */
    public boolean match(String path) {
        String plain = plain(path);
        for (Predicate<String> pattern : patterns) {
            if (pattern.test(plain)) {
                return true;
            }
        }
        return false;
    }

    private static Predicate<String> pattern(String pattern) {
        if (pattern.equals("/") || pattern.equals("/*")) {
            return path -> true;
        }
        if (pattern.endsWith("/*")) {
            String prefix = pattern.substring(0, pattern.length() - 2);
            return path -> path.startsWith(prefix)
                    && (path.length() == prefix.length() || path.charAt(prefix.length()) == '/');
        }
        if (pattern.startsWith("*.")) {
            String ending = pattern.substring(1);
            return path -> path.endsWith(ending);
        }
        String same = plain(pattern);
        return path -> path.equals(same);
    }

    /** Lower case, without parameters, dots, doubled and trailing slashes; the root is empty. */
    static String plain(String path) {
        if (isPlain(path)) {
            return path;
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : path.split("[/\\\\]", -1)) {
            int parameter = segment.indexOf(';');
            String bare = parameter < 0 ? segment : segment.substring(0, parameter);
            if (bare.equals("..")) {
                segments.pollLast();
            } else if (!bare.isEmpty() && !bare.equals(".")) {
                segments.addLast(bare.toLowerCase(Locale.ROOT));
            }
        }
        return segments.stream().map(segment -> "/" + segment).collect(Collectors.joining());
    }

    /** Most paths are; a look is cheaper than a rewrite. */
    private static boolean isPlain(String path) {
        char before = 'x';
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean doubled = before == '/' && (c == '/' || c == '.');
            if (c == ';' || c == '\\' || c >= 0x80 || (c >= 'A' && c <= 'Z') || doubled) {
                return false;
            }
            before = c;
        }
        return before != '/' && path.startsWith("/");
    }
}
