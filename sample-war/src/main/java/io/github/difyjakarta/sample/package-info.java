/**
 * An order desk as many companies have one: servlets, JSP pages, a login form and data in memory.
 *
 * <p>It stands for the application that gains chat by one JAR in {@code WEB-INF/lib}, so nothing in here knows that JAR or
 * Dify; only {@code chat.jsp} and {@code order.jsp} have the tag that its script defines, and {@code gallery} shows what that
 * can look like. Start reading at {@link
 * io.github.difyjakarta.sample.OrderPages}. Everything is called by the server's request threads and thread-safe.
 */
@NullMarked
package io.github.difyjakarta.sample;

import org.jspecify.annotations.NullMarked;
