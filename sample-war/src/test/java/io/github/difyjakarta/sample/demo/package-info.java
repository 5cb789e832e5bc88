/**
 * Runs the order desk on Payara Micro: {@link io.github.difyjakarta.sample.demo.Demo} is what {@code mvn -Pdemo} starts,
 * {@link io.github.difyjakarta.sample.demo.PayaraMicro} is for integration tests as well.
 */
@NullMarked
package io.github.difyjakarta.sample.demo;

import org.jspecify.annotations.NullMarked;
