package io.github.difyjakarta.rest;

import java.util.regex.Pattern;

/** Ids as Dify has them. In a path, what is none leads nowhere, there as here. */
final class Ids {
    /** For templates of paths. */
    static final String UUID = "[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private static final Pattern PATTERN = Pattern.compile(UUID);

    private Ids() {}

    static boolean isId(String text) {
        return PATTERN.matcher(text).matches();
    }
}
