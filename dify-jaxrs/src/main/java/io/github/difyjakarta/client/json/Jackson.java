package io.github.difyjakarta.client.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;

/** The one mapper of this client; for our own packages, not for applications. Immutable. */
public final class Jackson {
    /** Reads numbers as they stand, takes texts of any length, and keeps nothing on the threads that use it. */
    public static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    // Jackson's default hangs buffers on the server's threads, and by them our class loader.
                    .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
                    // How large an event or a body may be is decided where it is received; its depth is limited here.
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .addModule(new SimpleModule().addSerializer(new DifyJsonSerializer()))
            .build();

    private Jackson() {}

    private static final class DifyJsonSerializer extends StdSerializer<DifyJson> {
        private static final long serialVersionUID = 1;

        DifyJsonSerializer() {
            super(DifyJson.class);
        }

        @Override
        public void serialize(DifyJson value, JsonGenerator to, SerializerProvider provider) throws IOException {
            to.writeTree(value.node());
        }
    }
}
