package io.github.difyjakarta.bench.peer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The JVM of a server: the same for all of them. */
final class Jvm {
    private Jvm() {}

    /** {@return the program and its options, with what {@code BENCH_JVM} adds} */
    static List<String> command() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xms512m", "-Xmx2g"));
        command.addAll(more("BENCH_JVM"));
        return command;
    }

    /** {@return the words of a variable of the environment} */
    static List<String> more(String variable) {
        String options = System.getenv().getOrDefault(variable, "").strip();
        return options.isEmpty() ? List.of() : List.of(options.split(" +", -1));
    }
}
