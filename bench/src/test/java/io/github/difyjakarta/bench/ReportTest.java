package io.github.difyjakarta.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.bench.scenario.Metric;
import io.github.difyjakarta.bench.scenario.Scenario;
import io.github.difyjakarta.bench.scenario.Values;
import org.junit.jupiter.api.Test;

class ReportTest {

    private final Report report = new Report(Scenario.named("flood"));

    @Test
    void comparesPeersWithinTheirRounds() {
        report.add("relay", events(200));
        report.add("nginx", events(100));
        report.add("relay", events(30));
        report.add("nginx", events(10));

        // 2 and 3 within the rounds; medians over all would say 115 / 55.
        assertThat(report.table())
                .contains("| relay | 115 (30..200) |")
                .contains("| nginx | 55 (10..100) |")
                .contains("| relay / nginx | 2.50 (2..3) |");
    }

    @Test
    void saysWhatCouldNotBeMeasured() {
        report.add("direct", events(100));

        assertThat(report.table())
                .contains("| direct | 100 | - | - | - | - | 0 |")
                .doesNotContain("direct /");
    }

    @Test
    void doesNotDivideByNothing() {
        report.add("relay", events(100));
        report.add("nginx", events(0));

        assertThat(report.table()).contains("| relay / nginx | - |");
    }

    @Test
    void putsOneRunIntoALine() {
        assertThat(report.line(events(100))).isEqualTo("events 100 1/s, failed 0");
    }

    private static Values events(double perSecond) {
        return Values.none().with(Metric.EVENTS, perSecond).with(Metric.FAILED, 0);
    }
}
