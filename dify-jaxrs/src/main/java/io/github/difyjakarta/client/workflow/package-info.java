/**
 * Runs of workflows: {@link io.github.difyjakarta.client.workflow.Workflows} begins, follows and ends them, {@link
 * io.github.difyjakarta.client.workflow.HumanInput} answers what they ask of people. Thread-safe, but for the lazy streams.
 */
@NullMarked
package io.github.difyjakarta.client.workflow;

import org.jspecify.annotations.NullMarked;
