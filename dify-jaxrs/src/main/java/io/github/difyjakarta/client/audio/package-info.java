/**
 * Speech to text and back: {@link io.github.difyjakarta.client.audio.Audio}. Thread-safe.
 */
@NullMarked
package io.github.difyjakarta.client.audio;

import org.jspecify.annotations.NullMarked;
