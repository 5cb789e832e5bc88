package io.github.difyjakarta.quota;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongUnaryOperator;

/**
 * Tokens taken for an answer before it is known what it costs. Exactly one of {@link #settle}, {@link #estimate} and {@link
 * #refund} is to be called at the end; the first one counts, the others do nothing, on whatever thread. Until then the
 * reservation stays charged. Thread-safe.
 */
public final class Charge implements TokenDecision {

    /** A character is a quarter of a token in English and up to a whole one in Chinese. */
    static final long CHARACTERS_PER_TOKEN = 3;

    /** No answer costs more; larger numbers are mistakes of whoever counted. */
    static final long MOST_PLAUSIBLE = 10_000_000;

    private final long reserved;
    private final Payment payment;
    private final AtomicBoolean paid = new AtomicBoolean();

    /** Corrects what was reserved to what is to be paid. */
    @FunctionalInterface
    interface Payment {
        /** Pays by a function from what was reserved at a budget to what it is charged. */
        void pay(LongUnaryOperator due);
    }

    Charge(long reserved, Payment payment) {
        this.reserved = reserved;
        this.payment = payment;
    }

    /** How many tokens were taken; 0 where no budget applies, and nothing is to be paid. */
    public long reserved() {
        return reserved;
    }

    /**
     * The answer has come to its end, and says what it cost. May go over the budget: then the next answer is refused until the
     * debt is paid.
     *
     * @param tokens input and output together; a number that cannot be right (0 or less, or more than 10,000,000) counts as
     *     unknown, and the answer is paid as by {@link #estimate}
     * @param characters that were passed on, for that case
     * @return whether this call counted
     */
    public boolean settle(long tokens, long characters) {
        if (tokens < 1 || tokens > MOST_PLAUSIBLE) {
            return estimate(characters);
        }
        return pay(reservation -> tokens);
    }

    /**
     * The answer broke off, or does not say what it cost: the larger of the reservation and a third of the characters is paid, so
     * that hanging up early is never free.
     *
     * @param characters that were passed on; 0 or more
     * @return whether this call counted
     */
    public boolean estimate(long characters) {
        long tokens = Math.min(tokens(characters), MOST_PLAUSIBLE);
        return pay(reservation -> Math.max(reservation, tokens));
    }

    /**
     * The model was not asked: nothing is paid.
     *
     * @return whether this call counted
     */
    public boolean refund() {
        return pay(reservation -> 0);
    }

    private boolean pay(LongUnaryOperator due) {
        boolean first = paid.compareAndSet(false, true);
        if (first) {
            payment.pay(due);
        }
        return first;
    }

    /** How many tokens a text of this length may have; rounded up. */
    static long tokens(long characters) {
        return characters <= 0 ? 0 : (characters - 1) / CHARACTERS_PER_TOKEN + 1;
    }
}
