package io.github.difyjakarta.quota;

/** Whether there are tokens for an answer. Thread-safe. */
public sealed interface TokenDecision permits Charge, Refusal {}
