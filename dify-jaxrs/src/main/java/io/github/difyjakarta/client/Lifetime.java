package io.github.difyjakarta.client;

import io.github.difyjakarta.client.call.Session;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What ends with a client: its streams, those of the clients made from it, and what it alone owns. Thread-safe. */
final class Lifetime {
    private final Session session;
    private final Runnable onEnd;
    private final Set<Lifetime> children = ConcurrentHashMap.newKeySet();

    Lifetime(Session session, Runnable onEnd) {
        this.session = session;
        this.onEnd = onEnd;
    }

    /** One that ends with this at the latest. */
    Lifetime child(Session ofChild, Runnable onEndOfChild) {
        Lifetime child = new Lifetime(ofChild, onEndOfChild);
        children.add(child);
        return child;
    }

    void end() {
        List.copyOf(children).forEach(Lifetime::end);
        session.close();
        onEnd.run();
    }
}
