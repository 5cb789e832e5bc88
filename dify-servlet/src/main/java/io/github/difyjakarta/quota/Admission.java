package io.github.difyjakarta.quota;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongFunction;

/**
 * Somebody may go on. {@link #close} gives the place among the running streams back, once, however often and from whichever
 * thread it is called. Thread-safe.
 */
public final class Admission implements Decision, AutoCloseable {

    private final String policies;
    private final List<Standing> standings;
    private final LongFunction<TokenDecision> budget;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();

    Admission(String policies, List<Standing> standings, LongFunction<TokenDecision> budget, Runnable giveBack) {
        this.policies = policies;
        this.standings = List.copyOf(standings);
        this.budget = budget;
        this.giveBack = giveBack;
    }

    @Override
    public List<Standing> standings() {
        return standings;
    }

    /** The limits of the caller's own, as RateLimit-Policy writes them. */
    String policies() {
        return policies;
    }

    /**
     * Takes what an answer may cost from all token budgets that apply, before it is asked for. Without such budgets every call
     * passes, and its charge does nothing.
     *
     * @param characters of the question, 0 or more; an estimate will do
     * @return a {@link Charge}, to be paid at the end; or a refusal, also when what is left cannot be found out
     */
    public TokenDecision reserveTokens(long characters) {
        return budget.apply(Math.max(0, characters));
    }

    /** The work has ended. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            giveBack.run();
        }
    }
}
