package io.github.difyjakarta.quota;

/** What is counted of a piece of work. */
public enum Cost {
    /** A request, over when it is begun: an upload. */
    REQUEST,
    /** A request that also takes a place among those that run at the same time, until its end: an answer of a model. */
    STREAM
}
