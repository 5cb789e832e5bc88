package io.github.difyjakarta.it;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.UUID;
import java.util.stream.Collectors;

/** Who signs tokens (JWT, RS256) for users. Immutable. */
final class Tokens {
    static final String ISSUER = "https://login.example.org";

    private static final Base64.Encoder URL = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;

    Tokens() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            keys = generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What verifies them, for {@code mp.jwt.verify.publickey}. */
    String publicKey() {
        return Base64.getEncoder().encodeToString(keys.getPublic().getEncoded());
    }

    /** The header of a user in groups, good for so long. */
    String header(String user, Duration validity, String... groups) {
        long now = Instant.now().getEpochSecond();
        String claims = """
            {"iss":"%s","sub":"%s","upn":"%s","jti":"%s","iat":%d,"exp":%d,"groups":[%s]}\
            """.formatted(
                        ISSUER,
                        user,
                        user,
                        UUID.randomUUID(),
                        now - 3600,
                        now + validity.toSeconds(),
                        Arrays.stream(groups).map(group -> '"' + group + '"').collect(Collectors.joining(",")));
        String signed = URL.encodeToString("{\"alg\":\"RS256\",\"typ\":\"JWT\"}".getBytes(UTF_8)) + "."
                + URL.encodeToString(claims.getBytes(UTF_8));
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(UTF_8));
            return "Authorization: Bearer " + signed + "." + URL.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
