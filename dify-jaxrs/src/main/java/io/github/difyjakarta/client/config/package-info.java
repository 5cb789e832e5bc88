/**
 * Where a Dify app is and how to talk to it: {@link io.github.difyjakarta.client.config.DifyConfig} and its parts, and {@link
 * io.github.difyjakarta.client.config.CallOptions} for single calls. Immutable; checked when they are made.
 */
@NullMarked
package io.github.difyjakarta.client.config;

import org.jspecify.annotations.NullMarked;
