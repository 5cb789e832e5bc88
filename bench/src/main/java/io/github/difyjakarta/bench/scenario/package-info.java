/**
 * The loads that are measured, by name in {@link io.github.difyjakarta.bench.scenario.Scenario#named}, and what each run of them
 * yields: a value per {@link io.github.difyjakarta.bench.scenario.Metric}.
 */
@NullMarked
package io.github.difyjakarta.bench.scenario;

import org.jspecify.annotations.NullMarked;
