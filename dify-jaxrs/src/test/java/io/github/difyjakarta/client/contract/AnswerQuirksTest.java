package io.github.difyjakarta.client.contract;

import static io.github.difyjakarta.client.contract.ClientCalls.ID;
import static io.github.difyjakarta.client.contract.ClientCalls.USER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.difyjakarta.client.app.AppInfo;
import io.github.difyjakarta.client.app.InputField;
import io.github.difyjakarta.client.conversation.ConversationVariable;
import io.github.difyjakarta.client.conversation.HistoryMessage;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.simulator.RecordedRequest;
import io.github.difyjakarta.simulator.Script;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that are not what one would expect. */
class AnswerQuirksTest extends QuirksTest {
    @ParameterizedTest
    @CsvSource({
        "200, application/json, '{\"result\":\"success\"}'",
        "204, application/json, ''",
        "204, '', ''",
        "200, application/json, ''",
        "202, '', ''",
        "200, text/html, ''"
    })
    void anyYesIsADeletion(int status, String type, String body) {
        dify.nextAt("DELETE", "/conversations/*", Script.json(status, body).contentType(type));
        client.conversations().delete(USER, ID);
        assertThat(dify.requests()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"103, false", "103, true", "200, true", "100, false"})
    void aNumberedListEndsWhereItEndsWhateverDifySays(int count, boolean hasMore) {
        for (int page = 0; page <= count / 100; page++) {
            dify.nextAt("GET", "/apps/annotations", page(page * 100, Math.min(count, page * 100 + 100), hasMore));
        }
        assertThat(client.annotations().all()).hasSize(count).doesNotHaveDuplicates();
    }

    private static Script page(int from, int to, boolean hasMore) {
        return Script.json(
                200,
                IntStream.range(from, to)
                        .mapToObj(i -> "{\"id\":\"" + i + "\"}")
                        .collect(Collectors.joining(
                                ",", "{\"data\":[", "],\"has_more\":" + hasMore + ",\"limit\":100}")));
    }

    @Test
    void earlierPagesOfAHistoryComeBeforeLaterOnes() {
        dify.nextAt(
                "GET", "/messages", Script.json(200, "{\"has_more\":true,\"data\":[{\"id\":\"m3\"},{\"id\":\"m4\"}]}"));
        dify.nextAt(
                "GET",
                "/messages",
                Script.json(200, "{\"has_more\":false,\"data\":[{\"id\":\"m1\"},{\"id\":\"m2\"}]}"));
        assertThat(client.messages().history(USER, ID))
                .extracting(HistoryMessage::id)
                .containsExactly("m1", "m2", "m3", "m4");
        assertThat(dify.requests().get(1).query()).contains("first_id=m3");
    }

    @Test
    void pricesAreExactAndTokensMayBeMany() {
        dify.nextAt(
                "POST",
                "/chat-messages",
                Script.json(
                        200,
                        "{\"answer\":\"a\",\"metadata\":{\"annotation_reply\":null,\"retriever_resources\":null,"
                                + "\"usage\":{\"total_tokens\":3000000000,\"total_price\":\"0E-7\","
                                + "\"prompt_price\":\"0.0010000\",\"latency\":0.25,\"time_to_first_token\":0.125,"
                                + "\"time_to_generate\":null}}}"));
        Answer answer = client.chat().askUnstreamed(QUESTION);
        assertThat(answer.usage().totalTokens()).isEqualTo(3_000_000_000L);
        assertThat(answer.usage().totalPrice()).isEqualTo(new BigDecimal("0E-7"));
        assertThat(answer.usage().promptPrice()).isEqualTo(new BigDecimal("0.0010000"));
        assertThat(answer.usage().latencySeconds()).isEqualTo("0.25");
        assertThat(answer.usage().secondsToFirstToken()).contains(new BigDecimal("0.125"));
        assertThat(answer.usage().secondsToGenerate()).isEmpty();
        assertThat(answer.annotationReply()).isEmpty();
        assertThat(answer.retrieverResources()).isEmpty();
    }

    @Test
    void aPageIsNoDeletion() {
        dify.nextAt("DELETE", "/conversations/*", Script.html(200, "<h1>Please log in</h1>"));
        assertThatThrownBy(() -> client.conversations().delete(USER, ID))
                .isInstanceOfSatisfying(DifyConnectionException.class, failure -> assertThat(failure.code())
                        .isEqualTo(DifyConnectionException.NOT_DIFY));
    }

    @Test
    void appsOfOldServersDoNotTellTheirMode() {
        dify.nextAt("GET", "/info", Script.json(200, "{\"name\":\"Old\",\"description\":null,\"tags\":[]}"));
        AppInfo info = client.app().info();
        assertThat(info.mode()).isEmpty();
        assertThat(info.knownMode()).isEmpty();
        assertThat(info.description()).isEmpty();
        assertThat(info.authorName()).isEmpty();
    }

    @Test
    void variablesAreLookedForHereSinceDifyCannot() {
        dify.nextAt(
                "GET",
                "/conversations/*",
                Script.json(200, "{\"has_more\":true,\"data\":[{\"id\":\"v1\",\"name\":\"a\"}]}"));
        dify.nextAt(
                "GET",
                "/conversations/*",
                Script.json(200, "{\"has_more\":false,\"data\":[{\"id\":\"v2\",\"name\":\"b\"}]}"));
        assertThat(client.conversations().variable(USER, ID, "b").map(ConversationVariable::id))
                .contains("v2");
        assertThat(dify.requests()).extracting(RecordedRequest::query).allSatisfy(query -> assertThat(query)
                .doesNotContain("variable_name"));
    }

    @Test
    void formsMayHaveFieldsThatNobodyDocumented() {
        dify.nextAt(
                "GET",
                "/parameters",
                Script.json(
                        200,
                        "{\"user_input_form\":[{\"number\":{\"variable\":\"n\",\"default\":4}},"
                                + "{\"file-list\":{\"variable\":\"f\",\"allowed_file_types\":[\"image\"]}},"
                                + "{\"json_object\":{\"variable\":\"o\"}},{\"brand-new\":{\"variable\":\"x\"}}]}"));
        List<InputField> form = client.app().parameters().inputForm();
        assertThat(form)
                .extracting(InputField::type)
                .containsExactly("number", "file-list", "json_object", "brand-new");
        assertThat(form.get(0).defaultValue()).contains("4");
        assertThat(form.get(1).json().texts("allowed_file_types")).containsExactly("image");
    }
}
