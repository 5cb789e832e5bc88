/**
 * JSON of Dify's as a value: {@link io.github.difyjakarta.client.json.DifyJson}, an object with everything in it, also what
 * no type of ours names. What cannot be read is a {@link io.github.difyjakarta.client.json.MalformedJsonException}.
 *
 * <p>Pure: bytes and values in, values out. {@link io.github.difyjakarta.client.json.Jackson} serves our other packages and
 * is not for applications.
 */
@NullMarked
package io.github.difyjakarta.client.json;

import org.jspecify.annotations.NullMarked;
