package io.github.difyjakarta.sample.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what Payara Micro prints: all of it goes to a file, warnings about our own code also to whoever wants them. Fed by one
 * thread; the results may be asked by any.
 */
final class ServerLog {

    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");
    /** {@code [time] [] [WARNING] [code] [logger] [thread] [millis] [levelValue: 900] text}, or {@code [[} and lines to {@code ]]}. */
    private static final Pattern HEAD =
            Pattern.compile("\\[[^]]*] \\[[^]]*] \\[([A-Z]+)] \\[[^]]*] \\[([^]]*)] .*\\[levelValue: \\d+] ?(.*)");

    private static final Pattern STACK_FRAME = Pattern.compile("\\s+(at .*|\\.\\.\\. \\d+ more)");
    private static final String OURS = "io.github.difyjakarta.";
    private static final int FAILURE_LINES = 20;

    private final Consumer<String> warnings;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private String level = "";
    private String logger = "";

    /** @param warnings takes each line of a warning or error that our code logged, without stack frames */
    ServerLog(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    /** {@return completed when the server says so; whether the application came up as well, it does not say} */
    CompletableFuture<Void> ready() {
        return ready;
    }

    /** {@return the first 20 lines logged as SEVERE, without stack frames} */
    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Reads to the end, line by line so that the file can be followed. */
    void copy(Reader output, Writer file) throws IOException {
        BufferedReader lines = new BufferedReader(output);
        PrintWriter copy = new PrintWriter(file, true);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String plain = COLOURS.matcher(line).replaceAll("");
            copy.println(plain);
            take(plain);
        }
    }

    private void take(String line) {
        Matcher head = HEAD.matcher(line);
        if (!head.matches()) {
            note(line);
            return;
        }
        level = head.group(1);
        logger = head.group(2);
        String text = head.group(3);
        note(text);
        if (logger.equals("PayaraMicro") && text.contains(" ready in ")) {
            ready.complete(null);
        }
    }

    private void note(String line) {
        String text = line.replaceFirst("^\\[\\[", "").replaceFirst("]]$", "").strip();
        if (text.isEmpty() || STACK_FRAME.matcher(line).matches()) {
            return;
        }
        boolean severe = level.equals("SEVERE");
        if (logger.startsWith(OURS) && (severe || level.equals("WARNING"))) {
            warnings.accept(level + ": " + text);
        }
        if (severe && failures.size() < FAILURE_LINES) {
            failures.add(text);
        }
    }
}
