package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * Shows the end of a connection only in a turn of the selector that brings nothing else. The library's decoder reads on while
 * it can, and an end that it meets throws away what it has read in the same turn: the last events before a cut would be lost.
 *
 * <p>Confined to the connection's I/O thread. A proxy, since the session has thirty methods and this is about one.
 */
final class LateEnd implements InvocationHandler {
    private final IOSession session;
    private boolean gotData;
    private @Nullable IOException broken;

    private LateEnd(IOSession session) {
        this.session = session;
    }

    static IOSession of(IOSession session) {
        return (IOSession) Proxy.newProxyInstance(
                IOSession.class.getClassLoader(), new Class<?>[] {IOSession.class}, new LateEnd(session));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "read" -> read(method, arguments);
            case "updateReadTime" -> {
                gotData = false; // called when the selector has found something to read: a new turn
                yield call(method, arguments);
            }
            default -> call(method, arguments);
        };
    }

    private int read(Method method, Object @Nullable [] arguments) throws Throwable {
        if (broken != null) {
            if (gotData) {
                return 0;
            }
            throw broken;
        }
        try {
            int count = call(method, arguments) instanceof Integer read ? read : -1;
            gotData |= count > 0;
            return count < 0 && gotData ? 0 : count; // the selector comes back to it at once
        } catch (IOException e) {
            if (!gotData) {
                throw e;
            }
            broken = e;
            return 0;
        }
    }

    private @Nullable Object call(Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(session, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
