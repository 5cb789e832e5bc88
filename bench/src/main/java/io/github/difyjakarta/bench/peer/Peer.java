package io.github.difyjakarta.bench.peer;

import io.github.difyjakarta.bench.load.Target;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Something that relays Dify's streams, or nothing in between. Immutable. */
public sealed interface Peer permits DirectPeer, NginxPeer, JettyPeer, PayaraPeer {

    /** {@return all of them, the ideal first} */
    static List<Peer> all() {
        return List.of(new DirectPeer(), new NginxPeer(), new JettyPeer(), PayaraPeer.relay(), PayaraPeer.naive());
    }

    /**
     * Finds a peer.
     *
     * @throws IllegalArgumentException if none has this name; the message lists those there are
     */
    static Peer named(String name) {
        return all().stream()
                .filter(peer -> peer.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("No peer " + name + "; there are "
                        + all().stream().map(Peer::name).toList()));
    }

    /** {@return a word} */
    String name();

    /** {@return what must be installed first, if anything} */
    default Optional<String> missing() {
        return Optional.empty();
    }

    /** {@return its chat endpoint} */
    Target target(Place place);

    /**
     * Puts its files in place.
     *
     * @return empty if there is no server to start
     */
    Optional<Launch> prepare(Place place) throws IOException;

    /** Whether it is a JVM, which has a heap to look at and compilers to leave out, and needs a long warm-up. */
    default boolean isJvm() {
        return false;
    }
}
