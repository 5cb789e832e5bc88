/**
 * The drop-in JAR as its users get it: inside WARs that know nothing of it, on a real Payara Micro, with {@link
 * io.github.difyjakarta.simulator.DifySimulator} as Dify and raw sockets as browsers where it matters when a byte arrives.
 *
 * <p>{@link io.github.difyjakarta.it.PayaraServer} is a server of its own process, to which {@link
 * io.github.difyjakarta.it.Wars} are deployed; {@link io.github.difyjakarta.it.HttpConnection} asks. What goes into the WARs
 * is in {@code host}.
 */
@NullMarked
package io.github.difyjakarta.it;

import org.jspecify.annotations.NullMarked;
