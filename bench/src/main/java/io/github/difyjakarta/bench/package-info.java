/**
 * Measures the relay: {@code bench/run.sh <peer> <scenario> [runs]} puts load on it, or on one of its neighbours.
 */
@NullMarked
package io.github.difyjakarta.bench;

import org.jspecify.annotations.NullMarked;
