package io.github.difyjakarta.relay;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The streams that browsers can come back to: by an id that nobody guesses, or by the key of the question. Of those that nobody
 * reads only so many are kept. Thread-safe.
 */
final class KeptStreams {
    private static final int ID_BYTES = 16;

    private final int mostUnread;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Kept> byId = new ConcurrentHashMap<>();
    private final Map<Key, Kept> byKey = new ConcurrentHashMap<>();

    /** In the order in which they were left; also those that are read again, until the next one is left. Guarded by this. */
    private final Set<Relay> unread = new LinkedHashSet<>();

    /** Keys are the user's own, and for one app: nobody meets another's. */
    private record Key(String app, String user, String key) {}

    /** A way to the stream, or the reason why there is none. */
    @FunctionalInterface
    interface Door {
        void enter(Outlet outlet, long last);
    }

    /** A stream from before its beginning to its end. */
    static final class Kept {
        private final String id;
        private final Question question;
        private final CompletableFuture<Door> door = new CompletableFuture<>();

        Kept(String id, Question question) {
            this.id = id;
            this.question = question;
        }

        String id() {
            return id;
        }

        void open(Door opened) {
            door.complete(opened);
        }

        /** Goes in as soon as the door is open. */
        void enter(Outlet outlet, long last) {
            door.whenComplete((opened, never) -> opened.enter(outlet, last));
        }

        private Optional<Key> key() {
            return question.key().map(key -> new Key(question.app(), question.user(), key));
        }
    }

    /**
     * A place for a question's stream.
     *
     * @param isFirst whether the question is to be asked by the one who gets this
     */
    record Claim(Kept stream, boolean isFirst) {}

    KeptStreams(int mostUnread) {
        this.mostUnread = mostUnread;
    }

    /** The place of a question; empty if its key belongs to another one. */
    Optional<Claim> claim(Question question) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Kept made = new Kept(HexFormat.of().formatHex(id), question);
        Optional<Kept> known = made.key().map(key -> byKey.putIfAbsent(key, made));
        if (known.isPresent()) {
            boolean same = known.get().question.content().equals(question.content());
            return same ? Optional.of(new Claim(known.get(), false)) : Optional.empty();
        }
        byId.put(made.id, made);
        return Optional.of(new Claim(made, true));
    }

    /** A stream of this user's and no other. */
    Optional<Kept> find(String id, String app, String user) {
        return Optional.ofNullable(byId.get(id))
                .filter(kept ->
                        kept.question.app().equals(app) && kept.question.user().equals(user));
    }

    /** There is nothing to come back to; the same question is a new one. */
    void forget(Kept stream) {
        byId.remove(stream.id, stream);
        stream.key().ifPresent(key -> byKey.remove(key, stream));
    }

    /** The same for one that has ended. */
    void forget(Relay relay) {
        Optional.ofNullable(byId.get(relay.id())).ifPresent(this::forget);
        synchronized (this) {
            unread.remove(relay);
        }
    }

    /** Nobody reads it any more. To be called again whenever that begins. */
    void leave(Relay relay) {
        List<Relay> tooMany = new ArrayList<>(1);
        synchronized (this) {
            unread.remove(relay);
            if (!relay.isEnded()) {
                unread.add(relay);
            }
            unread.removeIf(Relay::isRead); // who came back did not say so
            Iterator<Relay> oldest = unread.iterator();
            for (int over = unread.size() - mostUnread; over > 0; over--) {
                tooMany.add(oldest.next());
                oldest.remove();
            }
        }
        tooMany.forEach(Relay::giveUp);
    }

    /** How many questions are remembered. */
    int size() {
        return byId.size();
    }
}
