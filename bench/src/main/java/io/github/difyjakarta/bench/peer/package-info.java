/**
 * What can stand between a client and the fake Dify: {@link io.github.difyjakarta.bench.peer.Peer#named} knows them by name. Each
 * runs in a process of its own as a {@link io.github.difyjakarta.bench.peer.RunningPeer}, whose
 * {@link io.github.difyjakarta.bench.peer.ProcessTree} tells what it costs.
 */
@NullMarked
package io.github.difyjakarta.bench.peer;

import org.jspecify.annotations.NullMarked;
