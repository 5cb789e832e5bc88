package io.github.difyjakarta.quota;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** What tests do with nodes that share a store. */
final class Nodes {

    /** A user has 10 requests and 1,000 tokens a day. */
    static final QuotaConfig CONFIG = QuotaConfig.DEFAULTS
            .withUser(Limits.NONE.withRequestsPerDay(10).withTokensPerDay(1_000))
            .withGlobal(Limits.NONE)
            .withTokenReservation(100);

    private Nodes() {}

    private static Decision ask(Quotas node, String user) {
        return node.admit(node.caller(user, role -> false), Optional.empty(), Cost.REQUEST);
    }

    /** Counted, and allowed. */
    static boolean passes(Quotas node, String user) {
        return ask(node, user) instanceof Admission admission
                && !admission.standings().isEmpty();
    }

    static Admission admitted(Quotas node, String user) {
        return (Admission) ask(node, user);
    }

    /** How many pass when these are asked at once, 20 times each. */
    static int passedAtOnce(List<Quotas> nodes, String user) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(nodes.size());
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Integer>> results = new ArrayList<>();
            for (Quotas node : nodes) {
                results.add(threads.submit(() -> {
                    start.await();
                    int passed = 0;
                    for (int i = 0; i < 20; i++) {
                        passed += passes(node, user) ? 1 : 0;
                    }
                    return passed;
                }));
            }
            start.countDown();
            int passed = 0;
            for (Future<Integer> result : results) {
                passed += result.get();
            }
            return passed;
        } finally {
            threads.shutdownNow();
        }
    }

    /** Whether something comes true within 20 s. */
    static boolean eventually(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            LockSupport.parkNanos(10_000_000);
        }
        return true;
    }
}
