package io.github.difyjakarta.bench.load;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.bench.upstream.FakeDify;
import io.github.difyjakarta.bench.upstream.Query;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LoadGeneratorTest {

    private final FakeDify dify = FakeDify.start(0, "app-k");
    private final Target target = new Target(dify.port(), "/v1/chat-messages", List.of("Authorization: Bearer app-k"));

    @AfterEach
    void close() {
        dify.close();
    }

    @Test
    void countsEveryEventOfEveryStream() {
        LoadResult result = LoadGenerator.run(target, Load.of(20, Query.of(50, 0)));

        assertThat(result.failures()).isEmpty();
        assertThat(result.completed()).isEqualTo(20);
        assertThat(result.events()).isEqualTo(1_000);
        assertThat(result.latency().getTotalCount()).isEqualTo(1_000);
        assertThat(result.micros(50)).isPositive().isLessThan(5_000_000);
    }

    @Test
    void asksOneAfterTheOtherOnFewConnections() {
        LoadResult result =
                LoadGenerator.run(target, Load.of(100, Query.of(1, 0)).atOnce(3));

        assertThat(result.failures()).isEmpty();
        assertThat(result.completed()).isEqualTo(100);
    }

    @Test
    void beginsNoFasterThanTold() {
        LoadResult result =
                LoadGenerator.run(target, Load.of(11, Query.of(1, 0)).perSecond(100));

        assertThat(result.took()).isGreaterThanOrEqualTo(Duration.ofMillis(100));
    }

    @Test
    void neitherCountsNorAwaitsThoseWhoStopReading() throws Exception {
        Load load =
                Load.of(5, Query.of(3, 0)).withStuck(2, Query.of(1_000, 1_000).padded(50_000));
        try (LoadGenerator generator = LoadGenerator.start(target, load)) {
            LoadResult result = generator.result().get(10, SECONDS);

            assertThat(result.completed()).isEqualTo(5);
            assertThat(result.events()).isEqualTo(15);
            generator.allBegun().get(10, SECONDS);
        }
    }

    @Test
    void leavesAfterSoManyEventsAndSaysWhen() {
        long before = System.nanoTime();

        LoadResult result =
                LoadGenerator.run(target, Load.of(4, Query.of(1_000, 1_000)).leavingAfter(2));

        assertThat(result.left()).containsOnlyKeys(0, 1, 2, 3);
        assertThat(result.left().values()).allSatisfy(at -> assertThat(at).isBetween(before, System.nanoTime()));
        assertThat(result.failures()).isEmpty();
    }

    @Test
    void leavesTheBeginningOutOfTheLatency() {
        LoadResult result = LoadGenerator.run(target, Load.of(1, Query.of(3, 0)).settledAfter(Duration.ofMinutes(1)));

        assertThat(result.events()).isEqualTo(3);
        assertThat(result.latency().getTotalCount()).isZero();
    }

    @Test
    void saysThatNobodyListens() {
        dify.close();

        assertThat(LoadGenerator.run(target, Load.of(2, Query.of(1, 0))).failures())
                .isEqualTo(Map.of(Failure.REFUSED, 2));
    }

    @Test
    void saysThatTheStatusIsWrong() {
        Target keyless = new Target(target.port(), target.path(), List.of());

        assertThat(LoadGenerator.run(keyless, Load.of(2, Query.of(1, 0))).failures())
                .isEqualTo(Map.of(Failure.STATUS, 2));
    }

    @Test
    void givesUpAtTheDeadline() {
        LoadResult result =
                LoadGenerator.run(target, Load.of(2, Query.of(2, 60_000_000)).endingWithin(Duration.ofMillis(50)));

        assertThat(result.failures()).isEqualTo(Map.of(Failure.LATE, 2));
        assertThat(result.events()).isEqualTo(2);
    }
}
