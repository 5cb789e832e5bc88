package io.github.difyjakarta.it.host;

import jakarta.ws.rs.ApplicationPath;
import jakarta.ws.rs.core.Application;
import java.util.Set;

/** Claims every path of the WAR. */
@ApplicationPath("/")
public class EverywhereApi extends Application {
    @Override
    public Set<Class<?>> getClasses() {
        return Set.of(Orders.class);
    }
}
