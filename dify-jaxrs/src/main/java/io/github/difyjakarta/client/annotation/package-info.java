/**
 * Answers written by people, given in place of a model's: {@link io.github.difyjakarta.client.annotation.Annotations}.
 * Thread-safe, but for the lazy streams.
 */
@NullMarked
package io.github.difyjakarta.client.annotation;

import org.jspecify.annotations.NullMarked;
