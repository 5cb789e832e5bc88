package io.github.difyjakarta.bench.micro;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/** Runs these benchmarks with JMH's own arguments, or with a short plan that suits a shared machine. */
public final class Micro {
    private static final List<String> SHORT = List.of("-f", "1", "-wi", "3", "-i", "3", "-w", "1s", "-r", "1s");

    private Micro() {}

    /**
     * Runs.
     *
     * @param arguments JMH's: a pattern of names first ({@code Decoder}), then options, which win over the short plan
     * @throws RunnerException when a benchmark fails
     * @throws CommandLineOptionException when an argument makes no sense
     */
    public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
        List<String> all = new ArrayList<>();
        for (int i = 0; i < SHORT.size(); i += 2) {
            if (!Arrays.asList(arguments).contains(SHORT.get(i))) {
                all.addAll(SHORT.subList(i, i + 2));
            }
        }
        all.addAll(Arrays.asList(arguments));
        new Runner(new CommandLineOptions(all.toArray(String[]::new))).run();
    }
}
