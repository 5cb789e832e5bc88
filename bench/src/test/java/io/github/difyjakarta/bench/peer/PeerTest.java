package io.github.difyjakarta.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerTest {

    private final Place place;

    PeerTest(@TempDir Path directory) throws IOException {
        Files.createDirectories(directory.resolve("peers"));
        Files.writeString(directory.resolve("peers/dropin.jar"), "jar");
        Files.createDirectories(directory.resolve("lib"));
        Files.writeString(directory.resolve("lib/jackson-core-2.jar"), "jar");
        Files.writeString(directory.resolve("lib/okhttp-4.jar"), "jar");
        Path naive = Files.createDirectories(directory.resolve("classes/io/github/difyjakarta/bench/naive"));
        Files.writeString(naive.resolve("NaiveChat.class"), "class");
        place = new Place(directory, directory.resolve("run"), 8123, URI.create("http://127.0.0.1:19000/v1"), "app-k");
    }

    @Test
    void theRelaysApplicationHoldsNothingButTheDropIn() throws IOException {
        Peer.named("relay").prepare(place);

        assertThat(entries("relay.war")).containsExactly("index.html", "WEB-INF/lib/dropin.jar");
    }

    @Test
    void theNaiveApplicationHoldsItsClassesAndJacksonAlone() throws IOException {
        Peer.named("naive").prepare(place);

        assertThat(entries("naive.war"))
                .containsExactly(
                        "index.html",
                        "WEB-INF/classes/io/github/difyjakarta/bench/naive/NaiveChat.class",
                        "WEB-INF/lib/jackson-core-2.jar");
    }

    @Test
    void theKeyGoesToTheServersEnvironment() throws IOException {
        Launch launch = Peer.named("relay").prepare(place).orElseThrow();

        assertThat(launch.environment())
                .containsEntry("DIFY_API_URL", "http://127.0.0.1:19000/v1")
                .containsEntry("DIFY_API_KEY", "app-k");
        assertThat(launch.command()).doesNotContain("app-k").containsSubsequence("--port", "8123");
    }

    @Test
    void jettysKeyGoesToItsEnvironmentToo() throws IOException {
        Launch launch = Peer.named("jetty").prepare(place).orElseThrow();

        assertThat(launch.environment())
                .containsEntry("UPSTREAM", "http://127.0.0.1:19000/v1")
                .containsEntry("KEY", "app-k");
        assertThat(launch.command()).doesNotContain("app-k").endsWith("8123");
    }

    @Test
    void aLaunchIsOneCommandForAShell() {
        assertThat(new Launch(List.of("server", "--port"), Map.of("A", "b c")).asOneCommand())
                .containsExactly("env", "A=b c", "server", "--port");
    }

    @Test
    void directAsksDifyItself() {
        assertThat(Peer.named("direct").target(place).port()).isEqualTo(19000);
        assertThat(Peer.named("direct").target(place).path()).isEqualTo("/v1/chat-messages");
    }

    private List<String> entries(String war) throws IOException {
        try (ZipFile zip = new ZipFile(place.directory().resolve(war).toFile())) {
            return zip.stream().map(Object::toString).toList();
        }
    }
}
