package io.github.difyjakarta.simulator.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A request as it was read, before anyone judged it. Immutable. */
public final class HttpRequest {

    private final String method;
    private final String target;
    private final String version;
    private final Map<String, List<String>> headers;
    private final byte[] bytes;

    /** Takes the bytes as they are, without copying them. */
    HttpRequest(String method, String target, String version, Map<String, List<String>> headers, byte[] bytes) {
        this.method = method;
        this.target = target;
        this.version = version;
        this.headers = headers;
        this.bytes = bytes;
    }

    public String method() {
        return method;
    }

    /** Path and query as sent. */
    public String target() {
        return target;
    }

    /** For example {@code HTTP/1.1}. */
    public String version() {
        return version;
    }

    /** By lower-case names. */
    public Map<String, List<String>> headers() {
        return headers;
    }

    /** The first value of a header, by its lower-case name. */
    public Optional<String> header(String name) {
        return headers.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** The body, empty without one; not copied, so not to be changed. */
    public byte[] bytes() {
        return bytes;
    }

    /** The body decoded as UTF-8. */
    public String body() {
        return beginning(bytes.length);
    }

    /** The first bytes of the body, at most so many, decoded as UTF-8. */
    public String beginning(int most) {
        return new String(bytes, 0, Math.min(most, bytes.length), StandardCharsets.UTF_8);
    }

    boolean keepsAlive() {
        return isHttp11()
                && !header("connection").orElse("").toLowerCase(Locale.ROOT).contains("close");
    }

    boolean isHttp11() {
        return version.equals("HTTP/1.1");
    }
}
