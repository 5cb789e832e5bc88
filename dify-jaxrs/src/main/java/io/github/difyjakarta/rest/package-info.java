/**
 * The HTTP endpoints below {@code {ctx}/dify/{app}}, in Dify's own paths and words, so that a front end made for Dify needs
 * another base URL and nothing else: {@link io.github.difyjakarta.rest.DifyApplication}. Not for applications, except to
 * move it by mapping a servlet of its name.
 *
 * <p>Thin: JSON to requests, the caller to {@code user}, failures to problems. What a model answers goes by {@code Asking},
 * documents by {@code Documents}, files in by {@code Uploading} and out by {@code FileOutlet}. Request threads never wait for
 * Dify.
 */
@NullMarked
package io.github.difyjakarta.rest;

import org.jspecify.annotations.NullMarked;
