package io.github.difyjakarta.bench.scenario;

/** Something measured in a run, and how it is printed. */
public enum Metric {
    /** Half of the events took no longer, from their write to their read. */
    P50("p50", "µs"),
    /** 99 of 100. */
    P99("p99", "µs"),
    /** The slowest of all. */
    MAX("max", "µs"),
    /** All streams together, from the first connection to the last event. */
    EVENTS("events", "1/s"),
    /** Whole streams. */
    STREAMS("streams", "1/s"),
    /** Of the server's processes, per event. */
    CPU("CPU", "µs/event"),
    /** The same without the JVM's compilers, which work less the older a process is. */
    CPU_COMPILED("CPU w/o JIT", "µs/event"),
    /** Of the server's processes, per stream. */
    CPU_STREAM("CPU", "µs/stream"),
    /** The most threads there were, beyond those of the idle server. */
    THREADS("threads", "+"),
    /** The most memory of the server's processes, shared pages by their part. */
    PSS("PSS", "MB"),
    /** Live heap per held stream. */
    HEAP("heap", "KB/stream"),
    /** 99 of 100 events of those who read, without anybody who does not. */
    P99_ALONE("p99 alone", "µs"),
    /** The same beside them. */
    P99_BESIDE("p99 beside", "µs"),
    /** The one by the other. */
    P99_RATIO("beside/alone", "×"),
    /** Live heap per client that does not read. */
    HEAP_STUCK("heap", "KB/stuck"),
    /** Half of the leaving clients were noticed upstream as soon. */
    LEFT_P50("noticed p50", "ms"),
    /** The last of them. */
    LEFT_MAX("noticed max", "ms"),
    /** Leaving clients that upstream never heard of. */
    UNNOTICED("unnoticed", ""),
    /** Streams that failed in any way. */
    FAILED("failed", ""),
    /** Of one core, by the load generator: near 100 it is what was measured. */
    LOAD_SHARE("load", "% core"),
    /** Of one core, by the fake Dify: near 100 it is what was measured. */
    UPSTREAM_SHARE("Dify", "% core");

    private final String label;
    private final String unit;

    Metric(String label, String unit) {
        this.label = label;
        this.unit = unit;
    }

    /** {@return a word or two} */
    public String label() {
        return label;
    }

    /** {@return of the value, empty for a count} */
    public String unit() {
        return unit;
    }

    /** Whether a ratio of two peers says something. */
    public boolean isComparable() {
        return switch (this) {
            case FAILED, UNNOTICED, LOAD_SHARE, UPSTREAM_SHARE, P99_RATIO, THREADS -> false;
            default -> true;
        };
    }
}
