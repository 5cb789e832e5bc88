package io.github.difyjakarta.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A place among the running streams that outlives its request. */
class HeldPlaceTest {
    private final Quotas quotas = Quotas.inMemory(
            QuotaConfig.DEFAULTS.withUser(Limits.NONE.withStreams(3)).withGlobal(Limits.NONE));
    private final QuotaCaller ada = quotas.caller("ada", role -> false);

    private Admission admit() {
        return (Admission) quotas.admit(ada, Optional.empty(), Cost.STREAM);
    }

    @Test
    void comesBackWhenAllHaveLetGo() {
        Admission admission = admit();
        Runnable run = admission.hold();
        admission.close();
        assertThat(quotas.running()).isPositive();
        run.run();
        assertThat(quotas.running()).isZero();
    }

    @Test
    void comesBackOnceHoweverOftenItIsLetGo() {
        Admission admission = admit();
        Admission other = admit();
        Runnable run = admission.hold();
        run.run();
        run.run();
        admission.close();
        admission.close();
        run.run();
        assertThat(quotas.running()).as("the other one runs").isPositive();
        other.close();
        assertThat(quotas.running()).isZero();
    }

    @Test
    void cannotBeHeldAfterItCameBack() {
        Admission admission = admit();
        admission.close();
        admission.hold().run();
        admission.hold().run();
        assertThat(quotas.running()).isZero();
    }

    @Test
    void comesBackOnceWhoeverIsLast() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 500; round++) {
                Admission admission = admit();
                List<Runnable> ends = new ArrayList<>(List.of(admission.hold(), admission.hold(), admission::close));
                Collections.shuffle(ends);
                List<Future<?>> ending = new ArrayList<>();
                ends.forEach(end -> ending.add(threads.submit(end)));
                for (Future<?> end : ending) {
                    end.get(10, TimeUnit.SECONDS);
                }
                assertThat(quotas.running()).isZero();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
