/**
 * How an app of Dify behaves, of any mode and release: its endpoints, its words of refusal, the frames it streams and what it
 * remembers. Not for applications: public is what the simulator around it needs.
 *
 * <p>{@link io.github.difyjakarta.simulator.app.App} answers exchanges of the server in
 * {@link io.github.difyjakarta.simulator.http}, on the thread of its event loop; it knows no sockets, no scripts and nobody
 * who watches. The class of an endpoint is named after what it serves ({@code Files}, {@code Annotations}, {@code Speech}
 * …); everything that is remembered has a bound, beyond which the oldest is forgotten.
 *
 * <p>Chat, agent and completion apps type an answer into the stream that asked for it
 * ({@link io.github.difyjakarta.simulator.app.Answers}); workflows and chatflows have runs that go on without anyone
 * ({@link io.github.difyjakarta.simulator.app.Runs}) and are shown to whoever subscribes. Everything is said as a 1.16.0 says
 * it; {@link io.github.difyjakarta.simulator.app.Dialect} makes older releases of it.
 */
@NullMarked
package io.github.difyjakarta.simulator.app;

import org.jspecify.annotations.NullMarked;
