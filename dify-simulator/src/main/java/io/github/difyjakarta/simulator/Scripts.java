package io.github.difyjakarta.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Scripts waiting for the requests they answer. Thread-safe. */
final class Scripts {

    private record Expected(String method, String path, Script script) {
        boolean answers(RecordedRequest request) {
            boolean fits = path.endsWith("*")
                    ? request.path().startsWith(path.substring(0, path.length() - 1))
                    : request.path().equals(path);
            return fits && method.equalsIgnoreCase(request.method());
        }
    }

    private final List<Expected> once = new ArrayList<>();
    private final List<Expected> always = new ArrayList<>();

    synchronized void once(String method, String path, Script script) {
        once.add(new Expected(method, path, script));
    }

    /** Replaces an earlier one for the same method and path. */
    synchronized void always(String method, String path, Script script) {
        always.removeIf(old -> old.method().equals(method) && old.path().equals(path));
        always.add(new Expected(method, path, script));
    }

    synchronized Optional<Script> take(RecordedRequest request) {
        Optional<Expected> found =
                once.stream().filter(expected -> expected.answers(request)).findFirst();
        found.ifPresent(once::remove);
        return found.or(() -> always.stream()
                        .filter(expected -> expected.answers(request))
                        .findFirst())
                .map(Expected::script);
    }
}
