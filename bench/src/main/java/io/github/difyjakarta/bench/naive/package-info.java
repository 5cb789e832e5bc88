/**
 * The relay as a tutorial would write it, to compare with: a JAX-RS resource that holds a thread for each stream, reads Dify line
 * by line, parses each event and writes it anew. It is put into a WAR of its own and knows nothing of this project.
 */
@NullMarked
package io.github.difyjakarta.bench.naive;

import org.jspecify.annotations.NullMarked;
