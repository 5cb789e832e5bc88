package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Payara and GlassFish can do beyond the Servlet API, by public methods of their Grizzly connection that are found at
 * run time; on other servers there is none of it. HTTP/1 only: of HTTP/2 the connection belongs to other streams as well.
 */
final class GrizzlyConnection {

    private static final System.Logger LOG = System.getLogger(GrizzlyConnection.class.getName());

    private static final String CLOSE_LISTENER = "org.glassfish.grizzly.CloseListener";
    private static final String IO_EVENT = "org.glassfish.grizzly.IOEvent";

    /** Room for an event or two. */
    private static final int BUFFER_BYTES = 1024;

    private final Object response;
    private final Object connection;
    private final int usualQueue;
    private volatile @Nullable Release forgetPeer;

    private GrizzlyConnection(Object request) throws ReflectiveOperationException {
        this.response = call(request, "getResponse");
        this.connection = call(call(request, "getRequest"), "getConnection");
        this.usualQueue = (int) call(connection, "getMaxAsyncWriteQueueSize");
    }

    static Optional<GrizzlyConnection> of(HttpServletRequest request) {
        Object facade = innermost(request);
        if (!request.getProtocol().startsWith("HTTP/1")
                || !facade.getClass().getName().equals("org.apache.catalina.connector.RequestFacade")) {
            return Optional.empty();
        }
        try {
            Object catalina = call(facade, "getUnwrappedCoyoteRequest");
            return Optional.of(new GrizzlyConnection(call(catalina, "getCoyoteRequest")));
        } catch (ReflectiveOperationException | RuntimeException e) {
            // Tomcat's facade has the same name and none of these methods.
            LOG.log(System.Logger.Level.DEBUG, "No Grizzly connection below this request", e);
            return Optional.empty();
        }
    }

    private static ServletRequest innermost(ServletRequest request) {
        ServletRequest inner = request;
        while (inner instanceof ServletRequestWrapper wrapper) {
            inner = wrapper.getRequest();
        }
        return inner;
    }

    private static Object call(Object target, String method) throws ReflectiveOperationException {
        return target.getClass().getMethod(method).invoke(target);
    }

    /**
     * Makes {@code isReady()} false as soon as anything waits for the peer. Grizzly otherwise takes four times the socket's
     * send buffer, 16 MB and more for each slow reader, and counts it as sent.
     */
    void takeOnlyWhatThePeerReads() {
        setQueue(1);
    }

    /**
     * Grizzly allocates a buffer for each write of a thread that is not its own, 8 KiB by default for an event of some
     * hundred bytes; what is longer it takes without a copy. For this response only.
     */
    void useSmallBuffers() {
        try {
            response.getClass().getMethod("setBufferSize", int.class).invoke(response, BUFFER_BYTES);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Grizzly's buffers keep their size", e);
        }
    }

    /** The stream is over; the connection is as it was, for its next request. */
    void release() {
        forgetPeer();
        setQueue(usualQueue);
    }

    private void setQueue(int bytes) {
        try {
            connection
                    .getClass()
                    .getMethod("setMaxAsyncWriteQueueSize", int.class)
                    .invoke(connection, bytes);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Grizzly's write queue keeps its size", e);
        }
    }

    /**
     * Tells when the peer closes the connection, which the Servlet API shows only in writes that fail. Reading is asked for
     * to see it: while the answer is on its way, a second request on the connection would be lost (no browser and no proxy
     * of today sends one before it has the answer), and a peer that closes only its own direction counts as gone. To be
     * {@linkplain #forgetPeer forgotten} before the peer can know that the answer has ended.
     */
    void onPeerGone(Runnable callback) {
        try {
            Class<?> type = connection.getClass();
            ClassLoader loader = type.getClassLoader();
            Class<?> listenerType = Class.forName(CLOSE_LISTENER, false, loader);
            Object listener = listen(listenerType, callback);
            Class<?> event = Class.forName(IO_EVENT, false, loader);
            Object read = event.getField("READ").get(null);
            forgetPeer = () -> {
                type.getMethod("disableIOEvent", event).invoke(connection, read);
                type.getMethod("removeCloseListener", listenerType).invoke(connection, listener);
            };
            type.getMethod("enableIOEvent", event).invoke(connection, read);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Only a write that fails will show that the peer is gone", e);
        }
    }

    /** Tells when the connection is closed, at once if it is already; whoever reads it notices that the peer is gone. */
    void onClosed(Runnable callback) {
        try {
            listen(Class.forName(CLOSE_LISTENER, false, connection.getClass().getClassLoader()), callback);
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "Only who reads the connection will learn that it is closed", e);
        }
    }

    private Object listen(Class<?> listenerType, Runnable callback) throws ReflectiveOperationException {
        Class<?> type = connection.getClass();
        Object listener =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {listenerType}, new PeerGone(callback));
        type.getMethod("addCloseListener", listenerType).invoke(connection, listener);
        return listener;
    }

    /**
     * Watches no more: the connection outlives the stream, must not keep it, and is to read the next request only when the
     * server is ready for it.
     */
    void forgetPeer() {
        Release release = forgetPeer;
        forgetPeer = null;
        if (release != null) {
            try {
                release.run();
            } catch (ReflectiveOperationException | RuntimeException e) {
                LOG.log(System.Logger.Level.DEBUG, "A listener stays until its connection is closed", e);
            }
        }
    }

    private interface Release {
        void run() throws ReflectiveOperationException;
    }

    private record PeerGone(Runnable callback) implements InvocationHandler {
        @Override
        public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) {
            return switch (method.getName()) {
                case "onClosed" -> {
                    callback.run();
                    yield null;
                }
                case "equals" -> arguments != null && proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "listener of an event stream";
            };
        }
    }

    /** Closes the connection at once, and drops what it holds. */
    void terminate() {
        try {
            call(connection, "terminateSilently");
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "The connection is left to the server's own time limits", e);
        }
    }
}
