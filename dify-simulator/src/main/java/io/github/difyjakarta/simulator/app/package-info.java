/**
 * How a chat app of Dify behaves: its endpoints, its words of refusal, the frames it streams and what it remembers. Not for
 * applications: public is what the simulator around it needs.
 *
 * <p>{@link io.github.difyjakarta.simulator.app.App} answers exchanges of the server in
 * {@link io.github.difyjakarta.simulator.http}, on the thread of its event loop; it knows no sockets, no scripts and nobody
 * who watches.
 */
@NullMarked
package io.github.difyjakarta.simulator.app;

import org.jspecify.annotations.NullMarked;
