/**
 * The Dify behind every peer that is measured: {@link io.github.difyjakarta.bench.upstream.FakeDify} streams chat answers of
 * which each event carries the moment it was written. The words of the question steer it, see
 * {@link io.github.difyjakarta.bench.upstream.Query}.
 *
 * <p>It is not the project's simulator, which plays prepared bytes through the objects of a whole app: here the stamp must
 * be put in just before the write, and one thread must write well over half a million events a second, without garbage, so that
 * it is never what is measured. One thread does everything.
 */
@NullMarked
package io.github.difyjakarta.bench.upstream;

import org.jspecify.annotations.NullMarked;
