package io.github.difyjakarta.sample;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DemoUsersTest {

    private final DemoUsers users = new DemoUsers();

    @Test
    void knowsAdaAsManagerAndBobAsClerk() {
        assertThat(logIn("ada", "ada-demo").getCallerGroups()).containsExactlyInAnyOrder("manager", "clerk");
        assertThat(logIn("bob", "bob-demo").getCallerGroups()).containsExactly("clerk");
    }

    @ParameterizedTest
    @CsvSource({"ada,bob-demo", "ada,''", "eve,ada-demo", "'',''"})
    void refusesEverybodyElse(String name, String password) {
        assertThat(logIn(name, password)).isSameAs(CredentialValidationResult.INVALID_RESULT);
    }

    private CredentialValidationResult logIn(String name, String password) {
        return users.validate(new UsernamePasswordCredential(name, password));
    }
}
