package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletContext;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;

/** A servlet context that has parameters and a class loader, and nothing else. */
final class StubContext {

    private final Map<String, String> parameters = new HashMap<>();
    private final ClassLoader loader;

    StubContext(ClassLoader loader) {
        this.loader = loader;
    }

    StubContext initParameter(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    ServletContext proxy() {
        return (ServletContext) Proxy.newProxyInstance(
                StubContext.class.getClassLoader(),
                new Class<?>[] {ServletContext.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getInitParameter" -> parameters.get(String.valueOf(arguments[0]));
                    case "getClassLoader" -> loader;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }
}
