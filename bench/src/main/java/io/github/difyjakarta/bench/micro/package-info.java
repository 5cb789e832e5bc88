/**
 * What one event costs inside the library, without sockets: {@link io.github.difyjakarta.bench.micro.Micro} runs all of these
 * or some.
 *
 * <p>The streams are made up in Dify's shapes by {@link io.github.difyjakarta.bench.micro.Shape}; with
 * {@code -Dcontract.dir=…} recorded ones join them. Every benchmark has its state to itself and runs on one thread.
 */
@NullMarked
package io.github.difyjakarta.bench.micro;

import org.jspecify.annotations.NullMarked;
