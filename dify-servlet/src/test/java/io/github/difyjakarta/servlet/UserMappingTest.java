package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserMappingTest {

    private final Settings.Problems problems = new Settings.Problems();

    private UserMapping mapping(Map<String, String> settings) {
        return UserMapping.from(key -> Optional.ofNullable(settings.get(key)), problems);
    }

    @Test
    void sendsTheNameByDefault() {
        assertThat(mapping(Map.of()).user("ada")).isEqualTo("ada");
        assertThat(problems.messages()).isEmpty();
    }

    @Test
    void sendsAnHmacOfTheNameIfAskedTo() {
        // The test case 2 of RFC 4231.
        assertThat(mapping(Map.of("dify.user.mapping", "hmac", "dify.user.secret", "Jefe"))
                        .user("what do ya want for nothing?"))
                .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    }

    @Test
    void needsASecretForTheHmac() {
        mapping(Map.of("dify.user.mapping", "hmac"));
        assertThat(problems.messages())
                .containsExactly("dify.user.secret must be set, since dify.user.mapping is hmac");
    }

    @Test
    void knowsNoOtherMapping() {
        mapping(Map.of("dify.user.mapping", "md5"));
        assertThat(problems.messages()).containsExactly("dify.user.mapping must be one of plain, hmac, not \"md5\"");
    }
}
