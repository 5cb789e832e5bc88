package io.github.difyjakarta.it;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An nginx of its own process, on the loopback address, with its defaults for all that concerns buffering. */
final class Nginx implements AutoCloseable {

    private static final String CONFIGURATION = """
            daemon off;
            pid nginx.pid;
            error_log error.log;
            events {}
            http {
              access_log off;
              client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
              uwsgi_temp_path uwsgi; scgi_temp_path scgi;
              server {
                listen 127.0.0.1:%d;
                location / { proxy_pass http://127.0.0.1:%d; }
              }
            }
            """;

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts one that passes everything on to a port. */
    static Nginx before(int upstream) throws IOException {
        Path program = Tools.find("nginx", "nginx-light");
        Path directory = Path.of(System.getProperty("build.directory", "target"), "nginx")
                .toAbsolutePath();
        Files.createDirectories(directory);
        int port = PayaraServer.freePort();
        Path configuration =
                Files.writeString(directory.resolve("nginx.conf"), CONFIGURATION.formatted(port, upstream));
        Process process = new ProcessBuilder(
                        program.toString(),
                        "-p",
                        directory.toString(),
                        "-e",
                        "error.log",
                        "-c",
                        configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output.log").toFile())
                .start();
        Nginx nginx = new Nginx(process, port);
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .ignoreExceptions()
                .until(nginx::accepts);
        return nginx;
    }

    private boolean accepts() throws IOException {
        try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return probe.isConnected();
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException e) {
            process.destroyForcibly();
            throw new IOException("nginx does not end", e);
        }
    }
}
