package io.github.difyjakarta.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.difyjakarta.bench.peer.Peer;
import io.github.difyjakarta.bench.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ArgumentsTest {

    @Test
    void takesPeersAndScenariosInTheirOrder() {
        Arguments arguments = Arguments.parse(List.of("relay,nginx", "flood,paced", "5", "20"));

        assertThat(arguments.peers()).extracting(Peer::name).containsExactly("relay", "nginx");
        assertThat(arguments.scenarios()).extracting(Scenario::name).containsExactly("flood", "paced");
        assertThat(arguments.runs()).isEqualTo(5);
        assertThat(arguments.warmUp()).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void runsThriceAfterALongWarmUpUnlessToldOtherwise() {
        Arguments arguments = Arguments.parse(List.of("direct", "paced"));

        assertThat(arguments.runs()).isEqualTo(3);
        assertThat(arguments.warmUp()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void saysWhichPeersAndScenariosThereAre() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.parse(List.of("apache", "paced")))
                .withMessage("No peer apache; there are [direct, nginx, relay, naive]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.parse(List.of("relay", "storm")))
                .withMessage("No scenario storm; there are [paced, flood, many, start, memory, slow, leave]");
    }

    @Test
    void refusesARunCountThatIsNoNumber() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Arguments.parse(List.of("relay", "paced", "often")))
                .withMessage("often is no number");
    }
}
