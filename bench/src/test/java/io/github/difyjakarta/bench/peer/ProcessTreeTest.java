package io.github.difyjakarta.bench.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

class ProcessTreeTest {

    private static final String REST = " S 1 2 3 0 -1 4194368 5 0 0 0 41 7 0 0 20 0 21 0 100 200 300";

    @Test
    void countsWhatCompilersHaveUsedAsUserAndAsSystem() {
        assertThat(ProcessTree.ticks("42 (C2 CompilerThre)" + REST)).isEqualTo(48);
        assertThat(ProcessTree.ticks("42 (C1 CompilerThre)" + REST)).isEqualTo(48);
    }

    @Test
    void countsNoOtherThread() {
        assertThat(ProcessTree.ticks("42 (http-thread-poo)" + REST)).isZero();
        assertThat(ProcessTree.ticks("42 (C2 (x) y)" + REST)).isZero();
        assertThat(ProcessTree.ticks("")).isZero();
    }

    @Test
    void readsWhatThisProcessCosts() {
        assumeTrue(ProcessTree.hasProc(), "no /proc here");
        ProcessTree self = new ProcessTree(ProcessHandle.current());

        assertThat(self.cpu()).isPositive();
        assertThat(self.compilerCpu()).isLessThanOrEqualTo(self.cpu());
        assertThat(self.threads().orElse(0)).isGreaterThan(5);
        assertThat(self.pss().orElse(0)).isGreaterThan(10_000_000);
    }
}
