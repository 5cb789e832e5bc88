package io.github.difyjakarta.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

    @Test
    void isTheMiddleOfAnOddNumberOfRuns() {
        assertThat(Spread.of(List.of(9.0, 1.0, 2.0))).isEqualTo(new Spread(2, 1, 9));
    }

    @Test
    void isBetweenTheMiddleTwoOfAnEvenNumberOfRuns() {
        assertThat(Spread.of(List.of(4.0, 1.0, 2.0, 9.0))).isEqualTo(new Spread(3, 1, 9));
    }

    @Test
    void showsThreeDigitsOfEveryNumber() {
        assertThat(Spread.of(List.of(12.345, 1.2345, 1234.4))).hasToString("12.3 (1.23..1,234)");
    }

    @Test
    void showsEqualValuesOnce() {
        assertThat(Spread.of(List.of(2.0, 2.0))).hasToString("2");
    }

    @Test
    void refusesNoRunsAtAll() {
        assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(List.of()));
    }
}
