/**
 * What an app says of itself, and what its users think of it: {@link io.github.difyjakarta.client.app.App}; who they are:
 * {@link io.github.difyjakarta.client.app.EndUsers}. Thread-safe, but for the lazy streams.
 */
@NullMarked
package io.github.difyjakarta.client.app;

import org.jspecify.annotations.NullMarked;
