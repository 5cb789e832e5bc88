package io.github.difyjakarta.quota;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Locale;

/** The one form of a name by which a caller is known, whichever way a request came. */
final class CallerName {

    /** Longer names are remembered by a digest, so that no name takes more memory than another. */
    static final int LONGEST = 64;

    private CallerName() {}

    /** NFKC makes one of full-width, composed and decomposed forms; folding by way of upper case makes one of ſ and s. */
    static String key(String name, boolean caseSensitive) {
        String key = name.strip();
        if (!isPlain(key)) {
            key = Normalizer.normalize(key, Normalizer.Form.NFKC).strip();
            if (!caseSensitive) {
                key = key.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
            }
        }
        return key.length() <= LONGEST ? key : digest(key);
    }

    /** Most names are; they need no rewriting. */
    private static boolean isPlain(String name) {
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) > 0x7e || Character.isUpperCase(name.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static String digest(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return "sha-256:" + HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
