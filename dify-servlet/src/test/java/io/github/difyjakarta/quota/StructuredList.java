package io.github.difyjakarta.quota;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A list of strings with parameters, as RFC 9651 writes it; what does not parse as one fails. */
public final class StructuredList {

    private static final Pattern STRING = Pattern.compile("\"([\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*)\"");
    private static final Pattern PARAMETER =
            Pattern.compile("; *([a-z*][a-z0-9_.*-]*)=(-?\\d{1,15}|\"[\\x20\\x21\\x23-\\x5b\\x5d-\\x7e]*\")");
    private static final Pattern COMMA = Pattern.compile("[ \\t]*,[ \\t]*");

    /** One member of it. */
    public record Item(String name, Map<String, String> parameters) {
        /** A parameter that is a whole number. */
        public long number(String parameter) {
            return Long.parseLong(parameters.get(parameter));
        }
    }

    private StructuredList() {}

    /** Parses all of a field's value. */
    public static List<Item> parse(String text) {
        List<Item> items = new ArrayList<>();
        int position = 0;
        while (true) {
            Matcher name = at(STRING, text, position);
            position = name.end();
            Map<String, String> parameters = new LinkedHashMap<>();
            Matcher parameter = PARAMETER.matcher(text);
            while (parameter.region(position, text.length()).lookingAt()) {
                parameters.put(parameter.group(1), parameter.group(2));
                position = parameter.end();
            }
            items.add(new Item(name.group(1), parameters));
            if (position == text.length()) {
                return items;
            }
            position = at(COMMA, text, position).end();
        }
    }

    private static Matcher at(Pattern pattern, String text, int position) {
        Matcher matcher = pattern.matcher(text).region(position, text.length());
        if (!matcher.lookingAt()) {
            throw new IllegalArgumentException("at " + position + " of " + text);
        }
        return matcher;
    }
}
