package io.github.difyjakarta.client.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void waitsTwiceAsLongEachTimeAndNeverLongerThanTheMost() {
        Pace pace = new Pace(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(30));
        assertThat(Stream.iterate(pace.first(), pace::after).limit(5))
                .containsExactly(
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10));
    }
}
