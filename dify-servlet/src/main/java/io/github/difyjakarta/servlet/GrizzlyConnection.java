package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletRequestWrapper;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * What Payara and GlassFish can do beyond the Servlet API, by public methods of their Grizzly connection that are found at
 * run time; on other servers there is none of it. HTTP/1 only: of HTTP/2 the connection belongs to other streams as well.
 */
final class GrizzlyConnection {

    private static final System.Logger LOG = System.getLogger(GrizzlyConnection.class.getName());

    private final Object connection;
    private final int usualQueue;

    private GrizzlyConnection(Object connection) throws ReflectiveOperationException {
        this.connection = connection;
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
            Object grizzly = call(catalina, "getCoyoteRequest");
            return Optional.of(new GrizzlyConnection(call(call(grizzly, "getRequest"), "getConnection")));
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

    /** For the next request on this connection. */
    void takeAsUsual() {
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

    /** Closes the connection at once, and drops what it holds. */
    void terminate() {
        try {
            call(connection, "terminateSilently");
        } catch (ReflectiveOperationException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "The connection is left to the server's own time limits", e);
        }
    }
}
