package io.github.difyjakarta.bench.scenario;

import io.github.difyjakarta.bench.load.Target;
import io.github.difyjakarta.bench.peer.RunningPeer;
import io.github.difyjakarta.bench.peer.Upstream;

/**
 * Where a scenario runs.
 *
 * @param upstream the fake Dify
 * @param peer in front of it
 * @param idleThreads of the peer after its warm-up, with no stream open; 0 if unknown
 */
public record Stage(Upstream upstream, RunningPeer peer, long idleThreads) {

    /** {@return where the load goes} */
    public Target target() {
        return peer.target();
    }
}
