package io.github.difyjakarta.bench.peer;

import io.github.difyjakarta.bench.load.Target;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** A peer that answers. {@link #close} ends its process, and so does the end of this JVM. Thread-safe. */
public final class RunningPeer implements AutoCloseable {

    private final Peer peer;
    private final Target target;
    private final Optional<ServerProcess> server;

    private RunningPeer(Peer peer, Target target, Optional<ServerProcess> server) {
        this.peer = peer;
        this.target = target;
        this.server = server;
    }

    /**
     * Starts it and waits, at most 3 minutes, until it streams an answer.
     *
     * @throws IOException if it ends or does not answer; nothing is left running
     */
    public static RunningPeer start(Peer peer, Place place) throws IOException, InterruptedException {
        Target target = peer.target(place);
        Optional<Launch> launch = peer.prepare(place);
        return new RunningPeer(
                peer,
                target,
                launch.isPresent()
                        ? Optional.of(ServerProcess.start(launch.get(), place.directory(), target))
                        : Optional.empty());
    }

    /** {@return which it is} */
    public Peer peer() {
        return peer;
    }

    /** {@return its chat endpoint} */
    public Target target() {
        return target;
    }

    /** {@return what it costs, empty if it is no process} */
    public Optional<ProcessTree> processes() {
        return server.map(ServerProcess::tree);
    }

    /** {@return bytes of live objects after a full collection, empty if it is no JVM or {@code jcmd} cannot tell} */
    public OptionalLong liveHeap() {
        return peer.isJvm() && server.isPresent() ? server.get().liveHeap() : OptionalLong.empty();
    }

    @Override
    public void close() {
        server.ifPresent(ServerProcess::close);
    }
}
