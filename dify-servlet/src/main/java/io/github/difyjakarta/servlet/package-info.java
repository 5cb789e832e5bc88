/**
 * Streaming and quotas for any web application: a {@link io.github.difyjakarta.servlet.StreamingFilter} that keeps proxies and
 * containers from holding events back, and for whoever asks an {@link io.github.difyjakarta.servlet.EventStreamOutput} that
 * never blocks a thread and can still refuse with a status; and a {@link io.github.difyjakarta.servlet.QuotaFilter} that keeps
 * each caller, and all together, within limits. Registered by the JAR itself; needs no CDI and no JAX-RS, and knows of Dify only
 * which of our own endpoints make it work.
 *
 * <p>The journey of one message through this package, which is also a reading order:
 *
 * <ol>
 *   <li>{@link io.github.difyjakarta.servlet.ServletInitializer} registers the filters when the application starts, one before
 *       the application's own and one behind them, as {@link io.github.difyjakarta.servlet.Settings} has it
 *   <li>{@link io.github.difyjakarta.servlet.StreamingFilter} wraps request and response; when an answer turns out to be
 *       {@code text/event-stream}, its head is made to pass unbuffered; and if the application writes it asynchronously, its
 *       bytes wait for a slow reader in a buffer, as those of the streams below do
 *   <li>{@link io.github.difyjakarta.servlet.QuotaFilter}, behind the application's own filters, asks
 *       {@link io.github.difyjakarta.quota.Quotas} whether this caller may go on; if not, the answer is 429;
 *       administrators see totals by {@link io.github.difyjakarta.servlet.QuotaMXBean}
 *   <li>{@link io.github.difyjakarta.servlet.CallerIdentity} tells who is asking, and
 *       {@link io.github.difyjakarta.servlet.UserMapping} what Dify learns of that
 *   <li>the resource asks for its {@link io.github.difyjakarta.servlet.EventStreamOutput} and holds the head back while
 *       Dify is asked
 *   <li>Dify refuses: the head is dropped and the browser gets a status; Dify answers: head and first event leave together
 *   <li>events written by the framework fill the stream's buffer, and the container takes them as the browser reads
 *   <li>the browser is gone, or everything is sent: the exchange ends, and nothing of it is left
 * </ol>
 *
 * <p>Filters and outputs are thread-safe; callbacks come on a scheduler thread.
 */
@NullMarked
package io.github.difyjakarta.servlet;

import org.jspecify.annotations.NullMarked;
