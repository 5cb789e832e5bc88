package io.github.difyjakarta.servlet;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What Dify gets to know of a caller's name. Immutable. Settings: {@code dify.user.mapping} ({@code plain}, or {@code hmac}
 * where names must not leave the house) and {@code dify.user.secret}, which {@code hmac} needs: whoever changes it gives
 * every user a new, empty history.
 */
public sealed interface UserMapping {

    /** The key of the mapping's kind. */
    String MAPPING = "dify.user.mapping";

    /** The key of the secret for {@code hmac}. */
    String SECRET = "dify.user.secret";

    /** The {@code user} of Dify's requests for a caller of this name. */
    String user(String name);

    /** Reads the mapping; what is wrong is added to the problems, and the result then is of no use. */
    static UserMapping from(Function<String, Optional<String>> lookup, Settings.Problems problems) {
        Kind kind = problems.read(lookup, MAPPING, Kind.PLAIN, Settings.oneOf(Kind.class));
        if (kind == Kind.PLAIN) {
            return new Plain();
        }
        Optional<String> secret = problems.read(lookup, SECRET, Settings::text);
        if (secret.isEmpty()) {
            problems.add(SECRET + " must be set, since " + MAPPING + " is hmac");
            return new Plain();
        }
        return new Hmac(new SecretKeySpec(secret.get().getBytes(StandardCharsets.UTF_8), Hmac.ALGORITHM));
    }

    /** The kinds of mapping. */
    enum Kind {
        /** The name as it is. */
        PLAIN,
        /** HMAC-SHA-256 of the name. */
        HMAC
    }

    /** The name as it is. */
    record Plain() implements UserMapping {
        @Override
        public String user(String name) {
            return name;
        }
    }

    /** HMAC-SHA-256 of the name in UTF-8, as 64 hexadecimal digits. */
    final class Hmac implements UserMapping {

        private static final String ALGORITHM = "HmacSHA256";

        private final SecretKeySpec key;

        private Hmac(SecretKeySpec key) {
            this.key = key;
        }

        @Override
        public String user(String name) {
            try {
                Mac mac = Mac.getInstance(ALGORITHM);
                mac.init(key);
                return HexFormat.of().formatHex(mac.doFinal(name.getBytes(StandardCharsets.UTF_8)));
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("Every Java platform has " + ALGORITHM, e);
            }
        }
    }
}
