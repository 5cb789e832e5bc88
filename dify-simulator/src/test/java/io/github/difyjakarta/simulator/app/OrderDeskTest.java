package io.github.difyjakarta.simulator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderDeskTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Where is 4711?",
                "I want a refund for AB-1234",
                "cancel it",
                "What does order 99812 cost?",
                "Tell me a joke",
                "",
                "😀"
            })
    void answersAnythingInSeveralSentencesThatQuoteTheQuestion(String query) {
        String answer = OrderDesk.answer(query, List.of());
        assertThat(answer).contains("“" + query + "”").doesNotContain("*", "#", "\n");
        assertThat(answer.split("[.?] ", -1)).hasSizeGreaterThanOrEqualTo(4);
        assertThat(String.join("", OrderDesk.words(answer))).isEqualTo(answer);
        assertThat(OrderDesk.answer(query, List.of())).isEqualTo(answer);
    }

    @Test
    void remembersQuestionAndOrderOfEarlierTurns() {
        assertThat(OrderDesk.answer("When will it arrive?", List.of("Hello", "What about order 4711?")))
                .contains("“What about order 4711?”", "Order 4711 left our warehouse", "question number 3");
    }

    @Test
    void shortensLongQuestionsBetweenCharacters() {
        assertThat(OrderDesk.answer("😀".repeat(81), List.of())).contains("“" + "😀".repeat(80) + "…”");
        assertThat(OrderDesk.answer("😀".repeat(80), List.of())).contains("“" + "😀".repeat(80) + "”");
    }

    @Test
    void namesAConversationByTheFirstWordsOfItsFirstQuestion() {
        assertThat(OrderDesk.title("  where is my order 4711 of last week? ")).isEqualTo("where is my order 4711 of");
        assertThat(OrderDesk.title(" ")).isEqualTo("New conversation");
    }
}
