/**
 * What was said before: {@link io.github.difyjakarta.client.conversation.Conversations} and their {@link
 * io.github.difyjakarta.client.conversation.Messages}. Thread-safe, but for the lazy streams.
 */
@NullMarked
package io.github.difyjakarta.client.conversation;

import org.jspecify.annotations.NullMarked;
