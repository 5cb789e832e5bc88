/** Placeholder until the package is written. */
@org.jspecify.annotations.NullMarked
package io.github.difyjakarta.sse;
