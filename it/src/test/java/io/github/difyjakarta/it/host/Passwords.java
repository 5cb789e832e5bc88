package io.github.difyjakarta.it.host;

import static jakarta.security.enterprise.identitystore.CredentialValidationResult.INVALID_RESULT;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.security.enterprise.authentication.mechanism.http.BasicAuthenticationMechanismDefinition;
import jakarta.security.enterprise.credential.UsernamePasswordCredential;
import jakarta.security.enterprise.identitystore.CredentialValidationResult;
import jakarta.security.enterprise.identitystore.IdentityStore;
import java.util.Set;

/** Lets everybody in whose password is {@code secret}. */
@BasicAuthenticationMechanismDefinition(realmName = "test")
@ApplicationScoped
public class Passwords implements IdentityStore {

    /** Called by the server, by the name of the credential's type. */
    public CredentialValidationResult validate(UsernamePasswordCredential credential) {
        return credential.getPassword().compareTo("secret")
                ? new CredentialValidationResult(
                        credential.getCaller(), Set.of("user", "role-of-" + credential.getCaller()))
                : INVALID_RESULT;
    }
}
