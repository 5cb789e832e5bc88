package io.github.difyjakarta.bench.peer;

import io.github.difyjakarta.bench.load.Target;
import java.util.List;
import java.util.Optional;

/** Nothing in between: what the load generator and the fake Dify reach by themselves. */
record DirectPeer() implements Peer {

    @Override
    public String name() {
        return "direct";
    }

    @Override
    public Target target(Place place) {
        return new Target(
                place.dify().getPort(),
                place.dify().getPath() + "/chat-messages",
                List.of("Authorization: Bearer " + place.key()));
    }

    @Override
    public Optional<Launch> prepare(Place place) {
        return Optional.empty();
    }
}
