package io.github.difyjakarta.bench.peer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A server to be started; its files are in place.
 *
 * @param command program and arguments
 * @param environment added to the starter's own
 */
public record Launch(List<String> command, Map<String, String> environment) {

    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** {@return as one command that a shell can {@code exec}, the environment set by {@code env}} */
    public List<String> asOneCommand() {
        List<String> all = new ArrayList<>(List.of("env"));
        environment.forEach((name, value) -> all.add(name + "=" + value));
        all.addAll(command);
        return all;
    }
}
