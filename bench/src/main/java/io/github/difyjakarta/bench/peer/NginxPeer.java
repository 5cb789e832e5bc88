package io.github.difyjakarta.bench.peer;

import io.github.difyjakarta.bench.load.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** nginx as set up for streaming: no buffering, two workers, kept connections. Knows no users and parses nothing. */
record NginxPeer() implements Peer {

    private static final String PATH = "/chat-messages";

    @Override
    public String name() {
        return "nginx";
    }

    @Override
    public Optional<String> missing() {
        return program().isPresent()
                ? Optional.empty()
                : Optional.of("there is no nginx; install it (Debian: nginx-light)");
    }

    @Override
    public Target target(Place place) {
        return new Target(place.port(), PATH, List.of());
    }

    @Override
    public Optional<Launch> prepare(Place place) throws IOException {
        Path directory = Files.createDirectories(place.directory()).toAbsolutePath();
        Path configuration = Files.writeString(directory.resolve("nginx.conf"), configuration(place));
        return Optional.of(new Launch(
                List.of(
                        program().orElseThrow().toString(),
                        "-p",
                        directory.toString(),
                        "-e",
                        "error.log",
                        "-c",
                        configuration.toString()),
                Map.of()));
    }

    private static Optional<Path> program() {
        return Stream.concat(Stream.of(System.getenv("PATH").split(":", -1)), Stream.of("/usr/sbin", "/usr/local/sbin"))
                .map(directory -> Path.of(directory, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static String configuration(Place place) {
        URI dify = place.dify();
        return """
                daemon off;
                pid nginx.pid;
                error_log error.log;
                worker_processes 2;
                worker_rlimit_nofile 20000;
                events { worker_connections 15000; }
                http {
                  access_log off;
                  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
                  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
                  upstream dify { server %s:%d; keepalive 64; }
                  server {
                    listen 127.0.0.1:%d backlog=4096;
                    keepalive_requests 1000000;
                    location / {
                      proxy_pass http://dify%s/;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_set_header Authorization "Bearer %s";
                      proxy_buffering off;
                      proxy_read_timeout 300s;
                    }
                  }
                }
                """.formatted(dify.getHost(), dify.getPort(), place.port(), dify.getPath(), place.key());
    }
}
