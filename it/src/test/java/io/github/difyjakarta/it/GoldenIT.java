package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every transcript of what Dify sends, of all its versions and app modes, through the relay. */
@ExtendWith(SharedServer.class)
class GoldenIT {

    private static final DifySimulator DIFY = DifySimulator.start();
    private static final List<String> MODES =
            List.of("chat", "agent-chat", "agent", "completion", "advanced-chat", "workflow");
    private static final WebArchive WAR = Wars.chat("golden.war", settings());

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    /**
     * A transcript.
     *
     * @param outcome as the index of transcripts names it
     */
    private record Transcript(String name, String mode, String outcome, byte[] bytes) {
        @Override
        public String toString() {
            return name;
        }

        List<String> data() {
            return Answers.data(new String(bytes, StandardCharsets.UTF_8));
        }
    }

    private static Map<String, String> settings() {
        Map<String, String> settings =
                Wars.with(Map.of(), "dify.api-url", DIFY.url().toString(), "dify.relay.events", "all");
        settings.put("dify.apps", String.join(",", MODES));
        for (String mode : MODES) {
            settings.put("dify.apps." + mode + ".api-key", DIFY.key());
            settings.put("dify.apps." + mode + ".mode", mode);
        }
        return settings;
    }

    private static Stream<Transcript> transcripts() throws IOException {
        List<Transcript> transcripts = new ArrayList<>();
        JsonNode index = new ObjectMapper().readTree(resource("index.json"));
        index.properties().forEach(file -> {
            if (file.getKey().endsWith(".sse")) {
                transcripts.add(new Transcript(
                        file.getKey(),
                        file.getValue().path("mode").asText(),
                        file.getValue().path("outcome").asText(),
                        resource(file.getKey())));
            }
        });
        return transcripts.stream();
    }

    private static byte[] resource(String name) {
        try (InputStream in = GoldenIT.class.getResourceAsStream("/golden/" + name)) {
            assertThat(in).as(name).isNotNull();
            return in == null ? new byte[0] : in.readAllBytes();
        } catch (IOException e) {
            throw new IllegalStateException(name, e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("transcripts")
    void passesEveryEventByteForByteAndSaysHowItEnded(Transcript transcript, PayaraServer server) throws IOException {
        DIFY.next(Script.transcript(transcript.bytes()));
        List<String> sent = transcript.data();
        boolean truncated = transcript.outcome().equals("truncated");
        String path = "/golden/dify/" + transcript.mode() + "/chat-messages";

        try (HttpConnection browser = new HttpConnection(server.port())) {
            HttpConnection.Head head =
                    browser.post(path, QUESTION, HttpConnection.user("ada")).readHead();
            String body = browser.readBody(head);

            if (sent.isEmpty() || sent.get(0).contains("\"event\":\"error\"")) {
                assertThat(head.header("Content-Type")).isEqualTo("application/problem+json");
                assertThat(head.status()).isGreaterThanOrEqualTo(400);
                assertThat(body).contains(truncated ? "\"code\":\"truncated\"" : "\"code\":");
                return;
            }
            assertThat(head.status()).isEqualTo(200);
            List<String> received = Answers.data(body);
            if (truncated) {
                assertThat(received).startsWith(sent.toArray(String[]::new)).hasSize(sent.size() + 1);
                assertThat(received.get(sent.size()))
                        .startsWith("{\"event\":\"error\"")
                        .contains("\"code\":\"truncated\"");
            } else {
                assertThat(received).isEqualTo(sent);
            }
        }
    }
}
