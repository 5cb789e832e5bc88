package io.github.difyjakarta.it.host;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** Names its resources. */
@ApplicationPath("api")
public class ListedApi extends Application {
    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(Orders.class);
    }
}
