/**
 * Reads many streams at once and measures each event: {@link io.github.difyjakarta.bench.load.LoadGenerator} on one thread of
 * its own, what to do as a {@link io.github.difyjakarta.bench.load.Load}, what came of it as a
 * {@link io.github.difyjakarta.bench.load.LoadResult}. Events are told by the stamps of
 * {@link io.github.difyjakarta.bench.upstream.Stamp} alone, so a relay may frame and format its JSON as it likes.
 */
@NullMarked
package io.github.difyjakarta.bench.load;

import org.jspecify.annotations.NullMarked;
