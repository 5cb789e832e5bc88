package io.github.difyjakarta.sample;

import static jakarta.security.enterprise.identitystore.CredentialValidationResult.INVALID_RESULT;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.FormAuthenticationMechanismDefinition;
import jakarta.security.enterprise.authentication.mechanism.http.LoginToContinue;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Map;
import java.util.Set;

/**
 * Who may log in by the form: ada, a manager, and bob, a clerk.
 *
 * <p>The mechanism stands here and not in {@code web.xml}: only so does the server ask an identity store of the application,
 * and a demo needs no realm in the server's configuration.
 */
@FormAuthenticationMechanismDefinition(
        loginToContinue = @LoginToContinue(loginPage = "/login.jsp", errorPage = "/login-failed.jsp"))
@ApplicationScoped
public class DemoUsers implements IdentityStore {

    private static final Map<String, User> USERS = Map.of(
            "ada", new User("ada-demo", Set.of("manager", "clerk")),
            "bob", new User("bob-demo", Set.of("clerk")));

    /** Called by the server, by the name of the credential's type. */
    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
        User user = USERS.get(credential.getCaller());
        return user != null && credential.getPassword().compareTo(user.password())
                ? new CredentialValidationResult(credential.getCaller(), user.roles())
                : INVALID_RESULT;
    }

    private record User(String password, Set<String> roles) {}
}
