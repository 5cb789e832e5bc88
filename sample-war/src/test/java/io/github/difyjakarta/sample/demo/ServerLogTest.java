package io.github.difyjakarta.sample.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerLogTest {

    private final List<String> warnings = new ArrayList<>();
    private final ServerLog log = new ServerLog(warnings::add);

    @Test
    void passesOnWhatOurCodeWarnsOfWithoutStackFrames() throws IOException {
        read("""
                %s our.thing is misspelt
                %s [[
                  two
                lines
                \tat a.b.C.d(C.java:1)
                \t... 12 more
                ]]
                %s the server's own
                %s nothing special
                """.formatted(
                        head("WARNING", "io.github.difyjakarta.cdi.Beans"),
                        head("SEVERE", "io.github.difyjakarta.cdi.Beans"),
                        head("WARNING", "javax.enterprise.system.security.ssl"),
                        head("INFO", "io.github.difyjakarta.cdi.Beans")));

        assertThat(warnings).containsExactly("WARNING: our.thing is misspelt", "SEVERE: two", "SEVERE: lines");
    }

    @Test
    void keepsTheFirstTwentySevereLinesOfAnyLogger() throws IOException {
        read((head("SEVERE", "any") + " broken\n").repeat(21));

        assertThat(log.failures()).hasSize(20).containsOnly("broken");
    }

    @Test
    void isReadyWhenTheServerSaysSoAndNotBefore() throws IOException {
        read(head("INFO", "some.application") + " Payara Micro is not ready in time\n");
        assertThat(log.ready()).isNotDone();

        read(head("INFO", "PayaraMicro") + " Payara Micro 6.2025.10 (build 42) ready in 6,955 (ms)\n");
        assertThat(log.ready()).isCompleted();
    }

    @Test
    void writesEverythingToTheFileWithoutColours() throws IOException {
        assertThat(read("\u001b[1;93mWARNING\u001b[0m of a kind\n\nplain\n")).isEqualTo("WARNING of a kind\n\nplain\n");
    }

    private String read(String output) throws IOException {
        StringWriter file = new StringWriter();
        log.copy(new StringReader(output), file);
        return file.toString().replace(System.lineSeparator(), "\n");
    }

    private static String head(String level, String logger) {
        return "[2026-11-24T16:48:43.272+0000] [] [\u001b[1;93m" + level + "\u001b[0m] [] [\u001b[1;94m" + logger
                + "\u001b[0m] [tid: _ThreadID=1 _ThreadName=main] [timeMillis: 1795538923272] [levelValue: 900]";
    }
}
