/**
 * Dify's clients as CDI beans:
 *
 * <pre>{@code
 * @Inject DifyClient dify;                        // dify.api-url and dify.api-key
 * @Inject @DifyApp("support") DifyClient support; // dify.apps=support, dify.apps.support.api-key
 * }</pre>
 *
 * <p>Applications use {@link io.github.difyjakarta.cdi.DifyApp}; the extension registers the beans and keeps out of the way
 * where the application has its own.
 */
@NullMarked
package io.github.difyjakarta.cdi;

import org.jspecify.annotations.NullMarked;
