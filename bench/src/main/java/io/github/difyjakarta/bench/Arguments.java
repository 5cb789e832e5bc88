package io.github.difyjakarta.bench;

import io.github.difyjakarta.bench.peer.Peer;
import io.github.difyjakarta.bench.scenario.Scenario;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What to measure.
 *
 * @param peers one or more, each run in turn
 * @param scenarios one or more
 * @param runs of each peer and scenario, 1 or more
 * @param warmUp how long each JVM is warmed up
 */
record Arguments(List<Peer> peers, List<Scenario> scenarios, int runs, Duration warmUp) {

    private static final int RUNS = 3;

    /** The JVM's compilers still take a third of the CPU a minute after the start. */
    private static final Duration WARM_UP = Duration.ofSeconds(90);

    /**
     * Reads {@code <peer>[,<peer>] <scenario>[,<scenario>] [runs] [warm-up seconds]}.
     *
     * @throws IllegalArgumentException if they are not that; the message is for a person
     */
    static Arguments parse(List<String> words) {
        if (words.size() < 2 || words.size() > 4) {
            throw new IllegalArgumentException("<peer>[,<peer>] <scenario>[,<scenario>] [runs] [warm-up seconds]");
        }
        return new Arguments(
                names(words.get(0)).map(Peer::named).toList(),
                names(words.get(1)).map(Scenario::named).toList(),
                words.size() > 2 ? Math.max(1, number(words.get(2))) : RUNS,
                words.size() > 3 ? Duration.ofSeconds(number(words.get(3))) : WARM_UP);
    }

    private static Stream<String> names(String list) {
        return Stream.of(list.split(",", -1));
    }

    private static int number(String word) {
        if (!word.matches("\\d{1,4}")) {
            throw new IllegalArgumentException(word + " is no number");
        }
        return Integer.parseInt(word);
    }
}
