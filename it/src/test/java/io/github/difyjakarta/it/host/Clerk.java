package io.github.difyjakarta.it.host;

import jakarta.enterprise.context.ApplicationScoped;

/** A bean of the host's own. */
@ApplicationScoped
public class Clerk {
    String answer() {
        return "order 4711";
    }
}
