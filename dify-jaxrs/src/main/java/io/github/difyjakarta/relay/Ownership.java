package io.github.difyjakarta.relay;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.HumanInputForm;
import io.github.difyjakarta.client.event.Outcome;
import java.time.Duration;
import java.util.List;

/**
 * Whose things are of which Dify does not ask whose they are: a thing belongs to whom it was shown. What passes on its way to a
 * user, in an answer, a history or as the result of an upload, is theirs from then on; so a user whose things were forgotten,
 * by a restart or for lack of room, has them back with the history that their page loads.
 *
 * <p>Bounded: {@value #MOST} things, each for a day after its last use. In memory, of this node. Thread-safe.
 */
public final class Ownership {
    static final int MOST = 100_000;
    static final Duration KEPT = Duration.ofDays(1);

    private final Cache<Thing, String> owners;

    /** The kinds of thing. */
    public enum Kind {
        /** A message, by its id: Dify reads anybody's aloud. */
        MESSAGE,
        /** An upload, by its id: Dify shows anybody's. */
        FILE,
        /** A form that a run waits for, by its token, which is all that Dify asks for. */
        FORM
    }

    private record Thing(Kind kind, String id) {}

    Ownership() {
        this(Ticker.systemTicker());
    }

    Ownership(Ticker time) {
        this.owners = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterAccess(KEPT)
                .ticker(time)
                .executor(Runnable::run) // else a thread that all applications of the server share keeps our classes
                .build();
    }

    /**
     * A thing was shown to a user.
     *
     * @param user as Dify knows them
     */
    public void grant(String user, Kind kind, String id) {
        if (!id.isEmpty()) {
            owners.put(new Thing(kind, id), user);
        }
    }

    /** An answer was given as a whole. */
    public void grant(String user, Answer answer) {
        answer.messageId().ifPresent(id -> grant(user, Kind.MESSAGE, id));
        if (answer.outcome() instanceof Outcome.Paused pause) {
            grant(user, pause.forms());
        }
    }

    void grant(String user, List<HumanInputForm> forms) {
        forms.forEach(form -> form.token().ifPresent(token -> grant(user, Kind.FORM, token)));
    }

    /** Whether a thing is a user's; of what is another's nobody learns that it exists. */
    public boolean isOwner(String user, Kind kind, String id) {
        return user.equals(owners.getIfPresent(new Thing(kind, id)));
    }
}
