package io.github.difyjakarta.it;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Programs of the machine that some tests need. */
final class Tools {

    private Tools() {}

    /**
     * Finds a program; without it the test is skipped, or fails under {@code -Drequire.tools=true}.
     *
     * @param debianPackage that brings it
     */
    static Path find(String name, String debianPackage) {
        Optional<Path> found = Stream.of("/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
        if (found.isEmpty()) {
            String message = name + " is missing; on Debian: apt install " + debianPackage;
            if (Boolean.getBoolean("require.tools")) {
                fail(message);
            }
            abort(message);
        }
        return found.orElseThrow();
    }
}
