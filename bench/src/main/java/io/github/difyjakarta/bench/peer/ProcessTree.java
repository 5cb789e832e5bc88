package io.github.difyjakarta.bench.peer;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A process and all that it started: what it has cost so far. Threads and memory are read from {@code /proc}; where there is none
 * they are empty. Thread-safe.
 */
public final class ProcessTree {

    private static final Path PROC = Path.of("/proc");
    private static final Pattern PSS = Pattern.compile("Pss:\\s+(\\d+) kB");
    private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");

    /** User and system time of the JVM's compilers, as {@code stat} has them: 12 and 13 after the name. */
    private static final Pattern COMPILER =
            Pattern.compile("\\(C[12] Comp\\S*\\) \\S+(?: \\S+){10} (\\d+) (\\d+) .*", Pattern.DOTALL);

    /** Of {@code /proc}, everywhere where Java runs. */
    private static final long TICK_MILLIS = 10;

    private final ProcessHandle root;

    /** Of this process and its descendants, as they are at each call. */
    public ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /** Whether this machine tells threads, memory and compilers. */
    public static boolean hasProc() {
        return Files.exists(PROC.resolve("self/smaps_rollup"));
    }

    /** {@return CPU time so far, of all that still live; to 10 ms} */
    public Duration cpu() {
        return processes()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** {@return of it the time of the JVM's compiler threads} */
    public Duration compilerCpu() {
        return Duration.ofMillis(sum(ProcessTree::compilerMillis).orElse(0));
    }

    /** {@return how many threads there are} */
    public OptionalLong threads() {
        return sum(process -> number(THREADS, read(process, "status")));
    }

    /** {@return memory in bytes, shared pages by their part} */
    public OptionalLong pss() {
        OptionalLong kilobytes = sum(process -> number(PSS, read(process, "smaps_rollup")));
        return kilobytes.isPresent() ? OptionalLong.of(kilobytes.getAsLong() * 1024) : kilobytes;
    }

    private OptionalLong sum(ToLongFunction<Path> value) {
        if (!hasProc()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(processes()
                .map(process -> PROC.resolve(Long.toString(process.pid())))
                .mapToLong(value)
                .sum());
    }

    private Stream<ProcessHandle> processes() {
        return Stream.concat(Stream.of(root), root.descendants()).filter(ProcessHandle::isAlive);
    }

    private static long compilerMillis(Path process) {
        try (Stream<Path> tasks = Files.list(process.resolve("task"))) {
            return tasks.mapToLong(task -> ticks(read(task, "stat"))).sum() * TICK_MILLIS;
        } catch (IOException ended) {
            return 0;
        }
    }

    static long ticks(String stat) {
        Matcher compiler = COMPILER.matcher(stat.substring(Math.max(0, stat.indexOf('('))));
        return compiler.matches() ? Long.parseLong(compiler.group(1)) + Long.parseLong(compiler.group(2)) : 0;
    }

    private static long number(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) : 0;
    }

    /** Threads and processes come and go while they are counted: what is gone has nothing to say. */
    private static String read(Path directory, String file) {
        try {
            return Files.readString(directory.resolve(file), StandardCharsets.ISO_8859_1);
        } catch (IOException ended) {
            return "";
        }
    }
}
