package io.github.difyjakarta.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.Map;

/** JSON bodies of requests and answers. Thread-safe. */
final class JsonBody {
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    // Jackson's default hangs buffers on the server's threads, and by them our class loader.
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    .build())
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private JsonBody() {}

    static JsonNode missing() {
        return MissingNode.getInstance();
    }

    static JsonNode read(byte[] json) throws IOException {
        return MAPPER.readTree(json);
    }

    /**
     * @throws IllegalArgumentException when a value has no form in JSON
     */
    static byte[] write(Map<String, ?> body) {
        try {
            return MAPPER.writeValueAsBytes(body);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the request holds a value that has no form in JSON", e);
        }
    }
}
