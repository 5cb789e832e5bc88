/**
 * Files on their way to Dify and back: {@link io.github.difyjakarta.client.file.DifyFiles} uploads {@link
 * io.github.difyjakarta.client.file.Upload}s, requests name them as {@link io.github.difyjakarta.client.file.InputFile}s.
 * Never wholly in memory, unless as {@code byte[]}.
 */
@NullMarked
package io.github.difyjakarta.client.file;

import org.jspecify.annotations.NullMarked;
