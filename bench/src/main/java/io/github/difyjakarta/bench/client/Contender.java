package io.github.difyjakarta.bench.client;

import java.util.concurrent.CompletableFuture;

/** A way to read one streamed answer. Thread-safe. */
interface Contender extends AutoCloseable {
    String name();

    /** Begins to read; completes with what of the answer it can tell, see {@link #expected}. */
    CompletableFuture<String> read();

    /** What a right reading of the transcript gives. */
    default String expected(Transcript transcript) {
        return transcript.text();
    }

    @Override
    void close();
}
