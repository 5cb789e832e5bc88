/**
 * A Dify for tests, demos and offline work: no model, no key of a provider, no container, one thread.
 *
 * <p>Start with {@link io.github.difyjakarta.simulator.DifySimulator}. Left alone it is a chat app of the newest Dify it
 * knows, or an app of any mode on any release, that answers anything and remembers, by user, what happened: conversations
 * and their variables, runs, files, feedback, annotations; it also reads aloud (an MP3 as long as the words, silent, with
 * the text in its title) and listens (it understands its own MP3s). It never goes out: a file given by its address is
 * taken unseen, unless its host ends in {@code .invalid}. A {@link io.github.difyjakarta.simulator.Script} makes it
 * misbehave, byte by byte. In a test of your own application:
 *
 * <pre>{@code
 * try (DifySimulator dify = DifySimulator.start()) {
 *     dify.next(Script.stream()
 *             .event("{\"event\":\"message\",\"task_id\":\"t1\",\"answer\":\"Order 4711 is \"}")
 *             .pause(Duration.ofMillis(100))
 *             .cut()); // the connection breaks in mid-sentence
 *     String shown = myApplication(dify.url(), dify.key()).ask("Where is order 4711?");
 *     assertThat(shown).isEqualTo("Sorry, the answer was cut off.");
 *     assertThat(dify.requests()).hasSize(1); // and nobody asked twice
 * }
 * }</pre>
 *
 * <p>Every public method may be called from any thread. Inside, all sockets, timers and state belong to one event loop. What
 * is asked and answered here goes by {@link io.github.difyjakarta.simulator.app}, which is Dify's behaviour, and by {@link
 * io.github.difyjakarta.simulator.http}, which is the server; neither knows this package, nor the server the behaviour.
 */
@NullMarked
package io.github.difyjakarta.simulator;

import org.jspecify.annotations.NullMarked;
