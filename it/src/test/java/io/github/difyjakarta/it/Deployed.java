package io.github.difyjakarta.it;

import java.util.List;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Applications on the {@link SharedServer} as long as the tests of one class run.
 *
 * @param wars deployed before the class's own preparations, undeployed after its own cleaning up
 * @param closed what they need, closed after them
 */
record Deployed(List<WebArchive> wars, List<AutoCloseable> closed) implements BeforeAllCallback, AfterAllCallback {

    static Deployed of(WebArchive war, AutoCloseable... closed) {
        return of(List.of(war), closed);
    }

    static Deployed of(List<WebArchive> wars, AutoCloseable... closed) {
        return new Deployed(wars, List.of(closed));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        wars.forEach(SharedServer.of(context)::deploy);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        wars.forEach(SharedServer.of(context)::undeploy);
        for (AutoCloseable one : closed) {
            one.close();
        }
    }
}
