/**
 * What can go wrong with Dify: {@link io.github.difyjakarta.client.error.DifyException} and its leaves, one for each thing a
 * caller can do about it. Immutable, as exceptions are.
 */
@NullMarked
package io.github.difyjakarta.client.error;

import org.jspecify.annotations.NullMarked;
