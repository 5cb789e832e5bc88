package io.github.difyjakarta.bench.load;

/** What may be wrong with a stream; of several the first counts. */
public enum Failure {
    /** No connection. */
    REFUSED,
    /** Not 200. */
    STATUS,
    /** An event came twice, or before an earlier one. */
    ORDER,
    /** Fewer or more events than asked for. */
    COUNT,
    /** The connection ended before the body did. */
    CUT,
    /** All events came, but no {@code message_end}. */
    NO_END,
    /** The time was over. */
    LATE
}
