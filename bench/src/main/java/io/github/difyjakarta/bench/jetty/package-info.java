/**
 * Jetty's own asynchronous proxy as the relay, to compare with: the leanest that Java teams use for it. Like nginx it knows no users
 * and parses nothing. A process of its own, started by {@link io.github.difyjakarta.bench.jetty.JettyRelay}.
 */
@NullMarked
package io.github.difyjakarta.bench.jetty;

import org.jspecify.annotations.NullMarked;
