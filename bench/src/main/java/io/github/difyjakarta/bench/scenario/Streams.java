package io.github.difyjakarta.bench.scenario;

import io.github.difyjakarta.bench.load.Load;
import io.github.difyjakarta.bench.load.LoadGenerator;
import java.util.List;

/**
 * Readers that take what comes.
 *
 * @param name a word
 * @param load what they ask
 * @param columns what is told of them
 */
record Streams(String name, Load load, List<Metric> columns) implements Scenario {

    @Override
    public Values run(Stage stage) {
        try (Cost cost = new Cost(stage)) {
            return cost.of(LoadGenerator.run(stage.target(), load));
        }
    }
}
