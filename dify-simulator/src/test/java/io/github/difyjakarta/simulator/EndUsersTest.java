package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertAlike;
import static io.github.difyjakarta.simulator.Recorded.assertSame;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static io.github.difyjakarta.simulator.Recorded.withIds;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndUsersTest {

    private final DifySimulator dify = Recorded.simulator("chat");

    @AfterEach
    void close() {
        dify.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"end-user-unknown", "end-user-bad-uuid"})
    void areUnknownUntilTheyAppear(String name) throws Exception {
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), Recordings.request(http)));
    }

    @Test
    void areKnownOnceTheyHaveUploadedSomething() throws Exception {
        Path http = recording("end-user");
        Response answer = Wire.call(dify.url(), withIds(Recordings.request(http), id("u1")));
        assertAlike(http, answer);
        for (String field : new String[] {"external_user_id", "session_id", "type", "is_anonymous"}) {
            assertThat(Shape.text(answer.body(), field))
                    .isEqualTo(Shape.text(Recordings.response(http).body(), field));
        }
    }

    @Test
    void areOneForEachNameAndOneForAllWithout() throws Exception {
        assertThat(id("u1")).isEqualTo(id("u1")).isNotEqualTo(id("u2"));
        assertThat(Wire.get(dify, "/end-users/" + id("")).body())
                .contains("\"is_anonymous\": true, \"session_id\": \"DEFAULT-USER\"");
    }

    @Test
    void areTheSameForWhoRunsAndWhoUploads() throws Exception {
        try (DifySimulator workflow = Recorded.simulator("workflow")) {
            String run = "{\"inputs\":{},\"response_mode\":\"streaming\",\"user\":\"u1\"}";
            Response answer = Wire.post(workflow, "/workflows/run", run);
            String end = answer.events().get(answer.events().size() - 1);
            String id = Json.parse(end).orElseThrow().at("/data/created_by/id").asText();
            assertThat(id).isEqualTo(id("u1"));
            assertThat(Wire.get(workflow, "/end-users/" + id).body()).contains("\"session_id\": \"u1\"");
            assertThat(Wire.get(workflow, "/workflows/logs").body()).contains(id);
        }
    }

    private String id(String user) throws IOException {
        return Shape.text(
                Forms.send(dify, "/files/upload", user, "a.txt", "text/plain", new byte[1])
                        .body(),
                "created_by");
    }
}
