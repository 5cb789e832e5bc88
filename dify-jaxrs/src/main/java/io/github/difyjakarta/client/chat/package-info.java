/**
 * Questions and answers: {@link io.github.difyjakarta.client.chat.Chat} for chat, agent and chatflow apps, {@link
 * io.github.difyjakarta.client.chat.Completions} for those that complete a text. A generation is never sent twice, unless
 * Dify provably did not begin it. Thread-safe.
 */
@NullMarked
package io.github.difyjakarta.client.chat;

import org.jspecify.annotations.NullMarked;
