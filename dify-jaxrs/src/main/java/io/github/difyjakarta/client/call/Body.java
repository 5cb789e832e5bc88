package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.client.json.DifyJson;
import java.util.Map;
import java.util.Optional;

/**
 * What a request carries. Immutable.
 *
 * @param mediaType empty for none
 * @param bytes all of it where it is small; empty with an upload
 * @param upload what is read while it is sent
 */
public record Body(String mediaType, byte[] bytes, Optional<HttpTransport.Upload> upload) {
    static final Body NONE = new Body("", new byte[0], Optional.empty());

    static Body json(Map<String, ?> fields) {
        return new Body("application/json", DifyJson.write(fields), Optional.empty());
    }

    /** A body that is too large for the memory. */
    public static Body of(String mediaType, HttpTransport.Upload upload) {
        return new Body(mediaType, new byte[0], Optional.of(upload));
    }
}
