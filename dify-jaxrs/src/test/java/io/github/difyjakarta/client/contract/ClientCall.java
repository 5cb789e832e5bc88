package io.github.difyjakarta.client.contract;

import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.call.Calls;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A way to use an endpoint.
 *
 * @param endpoint that is asked
 * @param variant what is special about it
 * @param kind of the answer
 * @param use of the client; may give a future
 */
record ClientCall(Endpoint endpoint, String variant, Kind kind, Function<DifyClient, Object> use) {
    /** What an endpoint answers with. */
    enum Kind {
        JSON,
        STREAM,
        FILE
    }

    /** The result of calls that have none. */
    private record Nothing() {}

    static ClientCall json(String endpoint, String variant, Function<DifyClient, Object> use) {
        return new ClientCall(Endpoint.named(endpoint), variant, Kind.JSON, use);
    }

    /** A call without a result. */
    static ClientCall yes(String endpoint, String variant, Consumer<DifyClient> use) {
        return json(endpoint, variant, client -> {
            use.accept(client);
            return new Nothing();
        });
    }

    static ClientCall stream(String endpoint, String variant, Function<DifyClient, Object> use) {
        return new ClientCall(Endpoint.named(endpoint), variant, Kind.STREAM, use);
    }

    static ClientCall file(String endpoint, String variant, Function<DifyClient, Object> use) {
        return new ClientCall(Endpoint.named(endpoint), variant, Kind.FILE, use);
    }

    /** Waits for the result. */
    Object make(DifyClient client) {
        Object made = use.apply(client);
        return made instanceof CompletableFuture<?> future
                ? Objects.requireNonNullElseGet(Calls.await(future), Nothing::new)
                : made;
    }

    @Override
    public String toString() {
        return endpoint + ", " + variant;
    }
}
