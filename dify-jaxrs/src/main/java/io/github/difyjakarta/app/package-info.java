/**
 * The Dify apps of this web application, as its administrator configured them: {@link io.github.difyjakarta.app.DifyClients}
 * gives a client by name, also where there is no CDI; {@link io.github.difyjakarta.app.DifySettings} is every setting, read
 * once from wherever settings come from.
 *
 * <p>State is per class loader, so the JAR belongs into {@code WEB-INF/lib}, not among the server's libraries.
 */
@NullMarked
package io.github.difyjakarta.app;

import org.jspecify.annotations.NullMarked;
