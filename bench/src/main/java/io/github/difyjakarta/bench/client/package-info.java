/**
 * Our client beside the other Java client for Dify: {@link io.github.difyjakarta.bench.client.ClientComparison} streams the
 * same answers through both and prints events per second and CPU per event.
 *
 * <p>The upstream is in the same process and does nothing but write bytes made before; what its threads cost is taken off.
 */
@NullMarked
package io.github.difyjakarta.bench.client;

import org.jspecify.annotations.NullMarked;
