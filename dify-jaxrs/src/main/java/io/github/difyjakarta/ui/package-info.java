/**
 * Gives browsers the scripts of {@code META-INF/resources/dify-ui} below {@code {ctx}/dify-ui}: {@link
 * io.github.difyjakarta.ui.BrowserKit}. Not for applications, except to move them by {@code dify.ui.path}.
 *
 * <p>Knows the servlet API and nothing else of ours. Called by request threads.
 */
@NullMarked
package io.github.difyjakarta.ui;

import org.jspecify.annotations.NullMarked;
