package io.github.difyjakarta.servlet;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;

/** An embedded Tomcat with one web application, on a free port of the loopback address. */
final class TestServer implements AutoCloseable {

    private final Tomcat tomcat = new Tomcat();
    private final Context context;

    /** What a servlet of a test does. */
    @FunctionalInterface
    interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    TestServer() {
        Logger.getLogger("org.apache").setLevel(Level.SEVERE);
        try {
            Path base = Files.createTempDirectory(Path.of("target"), "tomcat");
            tomcat.setBaseDir(base.toString());
            tomcat.setPort(0);
            tomcat.getConnector().setProperty("address", "127.0.0.1");
            tomcat.getConnector().setProperty("socket.txBufSize", "16384");
            tomcat.getConnector().setProperty("maxKeepAliveRequests", "-1");
            context = tomcat.addContext("", base.toAbsolutePath().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Context context() {
        return context;
    }

    TestServer filter(Filter filter, DispatcherType... dispatchers) {
        FilterDef definition = new FilterDef();
        definition.setFilterName(filter.getClass().getSimpleName());
        definition.setFilter(filter);
        definition.setFilterClass(filter.getClass().getName());
        definition.setAsyncSupported("true");
        context.addFilterDef(definition);
        FilterMap mapping = new FilterMap();
        mapping.setFilterName(definition.getFilterName());
        mapping.addURLPattern("/*");
        for (DispatcherType dispatcher : dispatchers) {
            mapping.setDispatcher(dispatcher.name());
        }
        context.addFilterMap(mapping);
        return this;
    }

    TestServer streamingFilter() {
        return filter(new StreamingFilter(), DispatcherType.REQUEST, DispatcherType.FORWARD, DispatcherType.ASYNC);
    }

    TestServer servlet(String path, Handler handler) {
        return servlet(path, true, handler);
    }

    TestServer servlet(String path, boolean asyncSupported, Handler handler) {
        Wrapper wrapper = Tomcat.addServlet(context, path, new HandlerServlet(handler));
        wrapper.setAsyncSupported(asyncSupported);
        context.addServletMappingDecoded(path, path);
        return this;
    }

    TestServer start() {
        try {
            tomcat.start();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    int port() {
        return tomcat.getConnector().getLocalPort();
    }

    RawClient client() throws IOException {
        return new RawClient(port());
    }

    @Override
    public void close() {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class HandlerServlet extends HttpServlet {
        private static final long serialVersionUID = 1;
        private final transient Handler handler;

        HandlerServlet(Handler handler) {
            this.handler = handler;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws IOException, ServletException {
            handler.handle(request, response);
        }
    }
}
