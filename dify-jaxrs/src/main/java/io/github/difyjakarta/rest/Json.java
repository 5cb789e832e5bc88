package io.github.difyjakarta.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON of requests and documents. Thread-safe. */
final class Json {
    static final JsonMapper MAPPER = new JsonMapper(JsonFactory.builder()
            // Jackson's default hangs buffers on the server's threads, and by them our class loader.
            .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
            .build());

    private Json() {}
}
