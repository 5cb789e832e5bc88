package io.github.difyjakarta.bench.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class QueryTest {

    private static final Query QUERY = new Query(200, 20_000, 5, 7);

    @Test
    void isFoundInARequestAsItWasWritten() {
        assertThat(Query.find("{\"query\":\"" + QUERY.text() + "\",\"user\":\"u\"}"))
                .contains(QUERY);
    }

    @Test
    void passesOverWordsOfOtherUpstreams() {
        assertThat(Query.find("bench n=3 batch=32 id=1")).contains(new Query(3, 0, 0, 1));
    }

    @Test
    void isNotFoundInAnOrdinaryQuestion() {
        assertThat(Query.find("{\"query\":\"Where is my order?\"}")).isEmpty();
    }

    @Test
    void refusesAPaddingOneByteTooLarge() {
        assertThat(QUERY.padded(Query.MAX_PADDING).padding()).isEqualTo(60_000);
        assertThatIllegalArgumentException().isThrownBy(() -> QUERY.padded(Query.MAX_PADDING + 1));
    }
}
