package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.http.Exchange;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One streamed answer and how it ended. Thread-safe. */
public final class StreamRecord {

    /** How a stream ended. */
    public enum End {
        /** The last byte, with the closing chunk, went out to the client. */
        COMPLETED,
        /** The client closed the connection before that. */
        CLIENT_CLOSED,
        /** We closed the connection without the closing chunk, by {@link Script#cut} or because the simulator was closed. */
        CUT,
        /** We reset the connection. */
        RESET;

        static End of(Exchange.End how) {
            return switch (how) {
                case COMPLETED -> COMPLETED;
                case CLIENT_CLOSED -> CLIENT_CLOSED;
                case CUT -> CUT;
                case RESET -> RESET;
            };
        }
    }

    private final RecordedRequest request;
    private final CompletableFuture<End> ended = new CompletableFuture<>();

    StreamRecord(RecordedRequest request) {
        this.request = request;
    }

    /**
     * What was asked.
     *
     * @return the request that this stream answers
     */
    public RecordedRequest request() {
        return request;
    }

    /**
     * How it ended.
     *
     * @return completes, never exceptionally, once the stream is over
     */
    public CompletionStage<End> ended() {
        return ended.minimalCompletionStage();
    }

    void end(End how) {
        ended.complete(how);
    }
}
