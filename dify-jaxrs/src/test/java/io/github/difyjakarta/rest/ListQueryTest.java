package io.github.difyjakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.github.difyjakarta.client.conversation.ConversationOrder;
import io.github.difyjakarta.relay.RelayError;
import jakarta.ws.rs.core.MultivaluedHashMap;
import java.util.function.Consumer;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListQueryTest {
    private static final String ID = "0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

    @Test
    void hasDifysDefaults() {
        ListQuery query = query("user", "victim");
        assertThat(query.limit()).isEqualTo(20);
        assertThat(query.order()).isEqualTo(ConversationOrder.LATEST_TOUCHED_FIRST);
        assertThat(query.id("last_id")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "100"})
    void takesALimitAtItsBounds(String limit) {
        assertThat(query("limit", limit).limit()).hasToString(limit);
    }

    @ParameterizedTest
    @CsvSource({
        "0, greater than or equal to 1",
        "-5, greater than or equal to 1",
        "101, less than or equal to 100",
        "ten, valid integer",
        "1.5, valid integer",
        "99999999999, valid integer",
    })
    void refusesALimitBeyondThemInDifysWords(String limit, String words) {
        assertThatRefused(query("limit", limit), ListQuery::limit, "limit: Input should be")
                .contains(words);
    }

    @Test
    void readsEveryOrderThatDifyKnows() {
        for (ConversationOrder order : ConversationOrder.values()) {
            assertThat(query("sort_by", order.wireName()).order()).isEqualTo(order);
        }
        assertThatRefused(query("sort_by", "name"), ListQuery::order, "sort_by: Input should be one of 'created_at', ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "../../v1/x", "%2e%2e", ID + "?user=b", ID + "\n" + ID, "a-b-c-d-e", "{}"})
    void refusesWhatIsNoId(String id) {
        assertThatRefused(query("last_id", id), query -> query.id("last_id"), "last_id: ");
    }

    @Test
    void takesAnEmptyIdForNone() {
        assertThat(query("first_id", "").id("first_id")).isEmpty();
        assertThat(query("first_id", ID).id("first_id")).contains(ID);
    }

    private static AbstractStringAssert<?> assertThatRefused(ListQuery query, Consumer<ListQuery> read, String start) {
        RelayError error = assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> read.accept(query))
                .actual()
                .error();
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.code()).isEqualTo("invalid_param");
        return assertThat(error.message()).startsWith(start);
    }

    private static ListQuery query(String name, String value) {
        MultivaluedHashMap<String, String> parameters = new MultivaluedHashMap<>();
        parameters.add(name, value);
        return new ListQuery(parameters);
    }
}
