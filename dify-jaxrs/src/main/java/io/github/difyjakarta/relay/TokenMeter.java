package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.MalformedEventException;
import io.github.difyjakarta.client.event.WorkflowEvent;
import io.github.difyjakarta.client.event.WorkflowRun;
import io.github.difyjakarta.quota.Charge;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Sees what one answer costs, and pays for it at its end: by what Dify says, else by an estimate, and nothing where Dify did not
 * begin. Whichever end comes first counts, by the order of the calls.
 *
 * <p>Frames come one at a time; ends may come on any thread. Paying may ask a store over the network, so it is left to an
 * executor whose threads may wait.
 */
public final class TokenMeter {
    /** Where no budget of tokens applies: looks at nothing. */
    public static final TokenMeter FREE = new TokenMeter(null, Runnable::run);

    private final @Nullable Charge charge;
    private final Executor payments;
    private final AtomicBoolean over = new AtomicBoolean();
    private volatile boolean begun;
    private volatile long characters;
    private volatile long tokens;

    private TokenMeter(@Nullable Charge charge, Executor payments) {
        this.charge = charge;
        this.payments = payments;
    }

    /**
     * Pays by a charge, if there is anything to be paid.
     *
     * @param payments for the one payment; its threads may wait for a store. Where it has ended, whoever tells the end waits
     */
    public static TokenMeter of(Charge charge, Executor payments) {
        return charge.reserved() == 0 ? FREE : new TokenMeter(charge, payments);
    }

    void saw(DifyFrame frame) {
        if (charge == null) {
            return;
        }
        begun = true;
        switch (frame.name()) {
            case "message", "agent_message", "text_chunk", "message_end", "workflow_finished" -> {
                try {
                    count(frame.toEvent());
                } catch (MalformedEventException e) {
                    // says nothing about the cost either; whether it is to be passed on is not asked here
                }
            }
            default -> {
                // says nothing about the cost
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // frames come one at a time; other threads only read
    private void count(DifyEvent event) {
        if (event instanceof DifyEvent.Message piece) {
            characters += piece.answer().length();
        } else if (event instanceof DifyEvent.AgentMessage piece) {
            characters += piece.answer().length();
        } else if (event instanceof WorkflowEvent.TextChunk piece) {
            characters += piece.text().length();
        } else if (event instanceof DifyEvent.MessageEnd end) {
            tokens = Math.max(tokens, end.usage().totalTokens());
        } else if (event instanceof WorkflowEvent.Finished finished) {
            tokens = Math.max(tokens, finished.run().totalTokens());
        }
    }

    /** The answer is over for whom it was made; what is known of its cost by now is what is paid. */
    public void ended() {
        pay();
    }

    /** It came to nothing, or broke off. */
    void failed(Throwable failure) {
        if (!begun && !mayHaveBegun(failure)) {
            later(Charge::refund);
        } else {
            pay();
        }
    }

    /** The answer came whole, or did not come; for one that is not passed on bit by bit. */
    public void settle(@Nullable Answer whole, @Nullable Throwable failure) {
        if (whole != null) {
            characters = whole.text().length();
            tokens = Math.max(
                    whole.usage().totalTokens(),
                    whole.run().map(WorkflowRun::totalTokens).orElse(0L));
            pay();
        } else if (failure != null) {
            failed(Calls.unwrapped(failure));
        }
    }

    /** Whether Dify may have begun a run that failed so, before its first event. */
    static boolean mayHaveBegun(Throwable failure) {
        if (failure instanceof DifyConnectionException broken) {
            return broken.runMayHaveStarted();
        }
        return !(failure instanceof DifyApiException refusal && refusal.status() >= 400 && refusal.status() < 500);
    }

    private void pay() {
        long counted = tokens;
        long passedOn = characters;
        later(owed -> counted > 0 ? owed.settle(counted, passedOn) : owed.estimate(passedOn));
    }

    /** The first to come decides here, and not which of two tasks is the first to run. */
    private void later(Payment payment) {
        Charge owed = charge;
        if (owed == null || over.getAndSet(true)) {
            return;
        }
        Runnable task = () -> pay(payment, owed);
        try {
            payments.execute(task);
        } catch (RejectedExecutionException e) {
            task.run(); // the application is on its way down: better late on this thread than never
        }
    }

    private static void pay(Payment payment, Charge owed) {
        try {
            payment.pay(owed);
        } catch (RuntimeException e) {
            System.getLogger(TokenMeter.class.getName())
                    .log(System.Logger.Level.ERROR, "An answer could not be charged; its reservation stays", e);
        }
    }

    private interface Payment {
        boolean pay(Charge owed);
    }
}
