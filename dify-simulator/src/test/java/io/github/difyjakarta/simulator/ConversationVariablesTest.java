package io.github.difyjakarta.simulator;

import static io.github.difyjakarta.simulator.Recorded.assertAlike;
import static io.github.difyjakarta.simulator.Recorded.assertSame;
import static io.github.difyjakarta.simulator.Recorded.recording;
import static io.github.difyjakarta.simulator.Recorded.withIds;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.Wire.Response;
import io.github.difyjakarta.simulator.app.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The variables of a chatflow's conversations. */
class ConversationVariablesTest {

    private static final String UNKNOWN = "11111111-2222-4333-8444-555555555555";

    private DifySimulator dify = Recorded.simulator("advanced-chat");

    @AfterEach
    void close() {
        dify.close();
    }

    @Test
    void listsThemWithTheirValuesInPython() throws Exception {
        Path http = recording("conversation-variables");
        Response answer = Wire.call(dify.url(), withIds(Recordings.request(http), conversation("u1")));
        assertAlike(http, answer);
        List<String> values = new ArrayList<>();
        rows(answer)
                .forEach(row -> values.add(row.path("value_type").asText() + " "
                        + row.path("value").asText()));
        assertThat(values)
                .containsExactly(
                        "string neutral",
                        "number 0",
                        "object {'language': 'en', 'seen': [True, None]}",
                        "array[string] []",
                        "boolean False");
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation-variables-bad-name", "conversation-variables-by-name"})
    void doesNotFindThemByName(String name) throws Exception {
        Path http = recording(name);
        assertSame(http, Wire.call(dify.url(), withIds(Recordings.request(http), conversation("u1"))));
    }

    @Test
    void hasNoneInAChat() throws Exception {
        dify.close();
        dify = Recorded.simulator("chat");
        Path http = recording("conversation-variables-chat-app");
        assertSame(http, Wire.call(dify.url(), withIds(Recordings.request(http), conversation("u1"))));
    }

    @ParameterizedTest
    @CsvSource({
        "conversation-variable-put,mood,happy",
        "conversation-variable-put-integer,count,7",
        "conversation-variable-put-object,profile,'{''z'': [1, 2]}'"
    })
    void takesAValueOfItsType(String name, String variable, String shown) throws Exception {
        String conversation = conversation("u1");
        Path http = recording(name);
        Response answer = Wire.call(dify.url(), forVariable(http, conversation, id(conversation, variable)));
        assertAlike(http, answer);
        assertThat(Shape.text(answer.body(), "value")).isEqualTo(shown);
        assertThat(list(conversation, "").body()).contains("\"value\": \"" + shown + "\"");
        assertThat(list(conversation("u1"), "").body())
                .as("another conversation")
                .doesNotContain("\"" + shown + "\"");
    }

    @Test
    void refusesAValueOfAnotherType() throws Exception {
        String conversation = conversation("u1");
        Path http = recording("conversation-variable-put-wrong-type");
        assertSame(http, Wire.call(dify.url(), forVariable(http, conversation, id(conversation, "count"))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "count | 1.5 | invalid_param | not supported value type integer",
                "count | true | bad_request | expects number, but got boolean type",
                "mood | 1 | bad_request | expects string, but got integer type",
                "mood | null | bad_request | expects string, but got none type",
                "profile | [] | bad_request | expects object, but got array[any] type",
                "orders | [1] | bad_request | expects array[string], but got array[number] type",
                "orders | [1, \"a\"] | bad_request | expects array[string], but got array[any] type",
                "returning | \"yes\" | bad_request | expects boolean, but got string type"
            })
    void saysWhatDoesNotFit(String variable, String value, String code, String message) throws Exception {
        String conversation = conversation("u1");
        Response answer = put(conversation, id(conversation, variable), "u1", value);
        assertThat(answer.status()).isEqualTo("HTTP/1.1 400 BAD REQUEST");
        assertThat(Shape.text(answer.body(), "code")).isEqualTo(code);
        assertThat(Shape.text(answer.body(), "message")).endsWith(message);
    }

    @Test
    void takesListsAndTruths() throws Exception {
        String conversation = conversation("u1");
        assertThat(put(conversation, id(conversation, "orders"), "u1", "[\"4711\", \"it's\"]")
                        .body())
                .contains("\"value\": \"['4711', \\\"it's\\\"]\"");
        assertThat(put(conversation, id(conversation, "orders"), "u1", "[]").body())
                .contains("\"value\": \"[]\"");
        assertThat(put(conversation, id(conversation, "returning"), "u1", "true")
                        .body())
                .contains("\"value\": \"True\"");
    }

    @Test
    void belongToOneUser() throws Exception {
        String conversation = conversation("u1");
        String variable = id(conversation, "mood");
        assertThat(put(conversation, variable, "u2", "\"angry\"").body()).contains("Conversation Not Exists.");
        assertThat(put(conversation, UNKNOWN, "u1", "\"angry\"").body())
                .contains("\"not_found\", \"message\": \"Conversation Variable Not Exists.\"");
        assertThat(Wire.get(dify, "/conversations/" + conversation + "/variables?user=u2")
                        .status())
                .isEqualTo("HTTP/1.1 404 NOT FOUND");
    }

    @Test
    void comeInPages() throws Exception {
        String conversation = conversation("u1");
        Response first = list(conversation, "&limit=3");
        assertThat(first.body()).contains("\"limit\": 3, \"has_more\": true");
        Response second = list(
                conversation,
                "&limit=3&last_id=" + rows(first).get(2).path("id").asText());
        assertThat(rows(second)).hasSize(2);
        assertThat(second.body()).contains("\"has_more\": false");
        assertThat(list(conversation, "&last_id=" + UNKNOWN).body())
                .isEqualTo("{\"code\": \"invalid_param\", \"message\": \"\", \"status\": 400}\n");
    }

    private String conversation(String user) throws IOException {
        String question = Wire.question("Hello?", "blocking").replace("u1", user);
        return Shape.text(Wire.post(dify, "/chat-messages", question).body(), "conversation_id");
    }

    private Response list(String conversation, String more) throws IOException {
        return Wire.get(dify, "/conversations/" + conversation + "/variables?user=u1" + more);
    }

    private Response put(String conversation, String variable, String user, String value) throws IOException {
        String path = "/conversations/" + conversation + "/variables/" + variable;
        String body = "{\"value\":" + value + ",\"user\":\"" + user + "\"}";
        return Wire.call(dify.url(), Wire.request(dify, "PUT", path, body));
    }

    private String id(String conversation, String name) throws IOException {
        for (JsonNode row : rows(list(conversation, ""))) {
            if (row.path("name").asText().equals(name)) {
                return row.path("id").asText();
            }
        }
        throw new AssertionError("No variable " + name);
    }

    private static String forVariable(Path http, String conversation, String variable) throws IOException {
        return Recordings.request(http)
                .replaceFirst(
                        "/conversations/[^/]+/variables/[^ ]+",
                        "/conversations/" + conversation + "/variables/" + variable);
    }

    private static List<JsonNode> rows(Response response) {
        List<JsonNode> rows = new ArrayList<>();
        Json.parse(response.body()).orElseThrow().path("data").forEach(rows::add);
        return rows;
    }
}
