package io.github.difyjakarta.it.host;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import org.eclipse.microprofile.auth.LoginConfig;

/** The users of this application log in elsewhere and bring a token (MicroProfile JWT). */
@LoginConfig(authMethod = "MP-JWT")
@ApplicationScoped
@ApplicationPath("api")
public class TokenApi extends Application {}
