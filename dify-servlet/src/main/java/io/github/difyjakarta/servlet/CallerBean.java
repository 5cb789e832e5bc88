package io.github.difyjakarta.servlet;

import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.spi.CDI;
import java.util.Optional;

/** The {@link CallerResolver} that is a bean of the application. The one class that names types of CDI. */
final class CallerBean {

    private CallerBean() {}

    /**
     * Looks it up.
     *
     * @return empty if there is no such bean
     * @throws IllegalStateException if the application has no CDI
     * @throws LinkageError if the server has none
     * @throws IllegalArgumentException if there are several
     */
    static Optional<CallerResolver> find() {
        Instance<CallerResolver> beans = CDI.current().select(CallerResolver.class);
        if (beans.isAmbiguous()) {
            throw new IllegalArgumentException(
                    "The application has several beans of type " + CallerResolver.class.getName());
        }
        return beans.isUnsatisfied() ? Optional.empty() : Optional.of(beans.get());
    }
}
