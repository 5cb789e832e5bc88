package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.error.DifyUnsupportedException;
import io.github.difyjakarta.client.event.Outcome;
import org.jspecify.annotations.Nullable;

/** What the end of a call tells of the server. */
enum Health {
    /** It does its work, were it to refuse. */
    ANSWERED,
    /** It cannot be reached, is late, broken, or breaks off. */
    FAILED,
    /** Nothing: the caller gave up, or the trouble was ours. */
    UNKNOWN;

    private static final int SERVER_ERROR = 500;

    /**
     * Tells by how a call ended.
     *
     * @param result where it has one
     * @param failure where it has failed
     * @param givenUp whether its caller was no longer interested
     */
    static Health of(@Nullable Object result, @Nullable Throwable failure, boolean givenUp) {
        Health health = failure == null ? ofResult(result) : ofFailure(Calls.unwrapped(failure));
        return givenUp && health == FAILED ? UNKNOWN : health;
    }

    private static Health ofResult(@Nullable Object result) {
        if (result instanceof Outcome.Truncated cut) {
            return ofCut(cut.code());
        }
        return result instanceof Outcome.Failed failed ? ofStatus(failed.status()) : ANSWERED;
    }

    private static Health ofFailure(Throwable failure) {
        if (failure instanceof DifyApiException refusal) {
            return ofStatus(refusal.status());
        }
        if (failure instanceof DifyConnectionException broken) {
            return switch (broken.code()) {
                case DifyConnectionException.UNREACHABLE,
                        DifyConnectionException.TIMEOUT,
                        DifyConnectionException.NOT_DIFY -> FAILED;
                default -> UNKNOWN;
            };
        }
        if (failure instanceof DifyStreamException cut) {
            return ofCut(cut.code());
        }
        return failure instanceof DifyUnsupportedException ? ANSWERED : UNKNOWN;
    }

    private static Health ofStatus(int status) {
        return status >= SERVER_ERROR ? FAILED : ANSWERED;
    }

    /** An answer that is too long, too large or read too slowly says nothing against who gave it. */
    private static Health ofCut(String code) {
        return switch (code) {
            case DifyStreamException.TRUNCATED, DifyStreamException.CLOSED, DifyStreamException.IDLE -> FAILED;
            default -> UNKNOWN;
        };
    }
}
