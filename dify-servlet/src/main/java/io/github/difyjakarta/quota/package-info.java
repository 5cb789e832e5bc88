/**
 * Limits that hold: requests a minute and a day, streams at once and model tokens a day, of each caller, of each Dify app and
 * of all together. {@link io.github.difyjakarta.quota.Quotas} decides; what it says is a value
 * ({@link io.github.difyjakarta.quota.Admission} or {@link io.github.difyjakarta.quota.Refusal}) before anything is written.
 * Tokens are reserved when an answer begins and paid when it ends, exactly once, by a
 * {@link io.github.difyjakarta.quota.Charge}.
 *
 * <pre>{@code
 * Decision decision = quotas.admit(quotas.caller("ada", role -> false), Optional.of("support"), Cost.STREAM);
 * if (decision instanceof Refusal refusal) {
 *     return refusal.event(); // or a 429 with refusal.problem()
 * }
 * try (Admission admission = (Admission) decision) {
 *     ...
 * }
 * }</pre>
 *
 * <p>Knows neither Servlet nor Dify's protocol: the filter that speaks HTTP is
 * {@code QuotaFilter} of the package {@code servlet}. Bucket4j does the arithmetic. All public types are thread-safe; what a
 * decision needs is in memory, or with a shared store the thread waits for it: for the store's timeout, 80 ms by default, from its
 * turn on; longer while the store starts, moves or is crowded.
 */
@NullMarked
package io.github.difyjakarta.quota;

import org.jspecify.annotations.NullMarked;
