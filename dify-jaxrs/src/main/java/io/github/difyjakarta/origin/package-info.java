/**
 * Which pages may use a user's session: those of this site, and those an administrator has listed. {@link
 * io.github.difyjakarta.origin.SiteRules} judges a {@link io.github.difyjakarta.origin.SiteRequest} by what browsers say and
 * pages cannot forge. Not for applications.
 *
 * <p>Knows neither JAX-RS nor Dify, and of Servlet only how to read a request. HTTP endpoints and sockets ask it alike; sockets, for
 * which browsers say {@code Origin} alone, let in some more. All types are immutable.
 */
@NullMarked
package io.github.difyjakarta.origin;

import org.jspecify.annotations.NullMarked;
