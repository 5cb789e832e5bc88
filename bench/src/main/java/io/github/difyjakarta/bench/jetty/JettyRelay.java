package io.github.difyjakarta.bench.jetty;

import java.time.Duration;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A Jetty with a proxy in front of Dify and nothing else. {@code UPSTREAM} and {@code KEY} of the environment name Dify's base URL and
 * the app's key; the only argument is the port on the loopback address.
 */
public final class JettyRelay {

    /** Also the proxy's, towards Dify: no stream is ended by it. */
    private static final Duration IDLE = Duration.ofMinutes(5);

    private JettyRelay() {}

    /** Runs until the process is ended. */
    public static void main(String[] args) throws Exception {
        Server server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        http.setOutputAggregationSize(1); // otherwise events wait until 32 KiB of them have come
        ServerConnector connector = new ServerConnector(server, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setPort(Integer.parseInt(args[0]));
        connector.setIdleTimeout(IDLE.toMillis());
        connector.setAcceptQueueSize(4096);
        server.addConnector(connector);
        ServletHolder proxy = new ServletHolder(new KeyedProxy(System.getenv("KEY")));
        proxy.setAsyncSupported(true);
        proxy.setInitParameter("proxyTo", System.getenv("UPSTREAM"));
        proxy.setInitParameter("maxConnections", "20000");
        proxy.setInitParameter("idleTimeout", Long.toString(IDLE.toMillis()));
        proxy.setInitParameter("timeout", Long.toString(IDLE.toMillis()));
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(proxy, "/*");
        server.setHandler(context);
        server.start();
        server.join();
    }
}
