package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.call.BatchSubscriber;
import io.github.difyjakarta.client.call.DifyStream;

/** The run at Dify that a relay passes on. Thread-safe; nothing here waits. */
interface Upstream {
    /** Events as they come; once. */
    void subscribe(BatchSubscriber relay);

    /** Whether Dify has ended it; its last events may still be unread. */
    boolean isOver();

    /** Nobody wants any more of it: Dify is asked to stop it if it still goes on. */
    void close();

    static Upstream of(DifyStream stream) {
        return new Upstream() {
            @Override
            public void subscribe(BatchSubscriber relay) {
                stream.frames().subscribe(relay);
            }

            @Override
            public boolean isOver() {
                return stream.outcome().toCompletableFuture().isDone();
            }

            @Override
            public void close() {
                stream.close();
            }
        };
    }
}
