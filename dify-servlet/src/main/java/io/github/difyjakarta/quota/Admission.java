package io.github.difyjakarta.quota;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;

/**
 * Somebody may go on. {@link #close} gives the place among the running streams back, once, however often and from whichever
 * thread it is called; and not before all who {@linkplain #hold() hold} it have let go. Thread-safe.
 */
public final class Admission implements Decision, AutoCloseable {

    private final String policies;
    private final List<Standing> standings;
    private final LongFunction<TokenDecision> budget;
    private final Runnable giveBack;
    private final AtomicBoolean closed = new AtomicBoolean();
    /** Who holds the place, the owner included; 0 once it is given back. */
    private final AtomicInteger holders = new AtomicInteger(1);

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
            letGo();
        }
    }

    /**
     * Holds the place beyond {@link #close}, for work that outlives its request.
     *
     * @return lets go of it; only the first call counts. Does nothing where the place was given back before
     */
    public Runnable hold() {
        if (holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            return () -> {};
        }
        AtomicBoolean held = new AtomicBoolean(true);
        return () -> {
            if (held.compareAndSet(true, false)) {
                letGo();
            }
        };
    }

    private void letGo() {
        if (holders.decrementAndGet() == 0) {
            giveBack.run();
        }
    }
}
