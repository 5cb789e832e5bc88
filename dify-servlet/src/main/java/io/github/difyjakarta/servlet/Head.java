package io.github.difyjakarta.servlet;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Status and headers that wait: a container cannot take a header back once it was set, so those of a stream that may still
 * be refused are collected here. Confined to the lock of its {@link StreamState} until it is applied.
 */
final class Head {

    private record Values(boolean replace, List<String> values) {}

    private int status;
    private @Nullable String contentType;
    private @Nullable String encoding;
    private long contentLength = -1;
    private final Map<String, Values> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final List<Cookie> cookies = new ArrayList<>(0);

    /** A complete answer. */
    static Head of(int status, Map<String, String> headers, @Nullable String contentType, long contentLength) {
        Head head = new Head();
        head.status = status;
        headers.forEach(head::set);
        head.contentType = contentType;
        head.contentLength = contentLength;
        return head;
    }

    /** 0 if nobody has set one. */
    int status() {
        return status;
    }

    void status(int newStatus) {
        status = newStatus;
    }

    @Nullable String contentType() {
        return contentType;
    }

    void contentType(@Nullable String type) {
        contentType = type;
    }

    void encoding(@Nullable String newEncoding) {
        encoding = newEncoding;
    }

    boolean tellsLength() {
        return contentLength >= 0;
    }

    void contentLength(long length) {
        contentLength = length;
    }

    /** Sets a header or adds a value to it; null removes it. */
    void header(String name, @Nullable String value, boolean replace) {
        if (StreamHeaders.CONTENT_LENGTH.equalsIgnoreCase(name)) {
            contentLength = length(value);
        } else if (value == null) {
            headers.remove(name);
        } else if (replace) {
            set(name, value);
        } else {
            add(name, value);
        }
    }

    /** No length is always right; the container would have refused one that is no number. */
    private static long length(@Nullable String value) {
        try {
            return value == null ? -1 : Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private void set(String name, String value) {
        List<String> values = new ArrayList<>(1);
        values.add(value);
        headers.put(name, new Values(true, values));
    }

    private void add(String name, String value) {
        headers.computeIfAbsent(name, unused -> new Values(false, new ArrayList<>(1)))
                .values()
                .add(value);
    }

    void cookie(Cookie cookie) {
        cookies.add(cookie);
    }

    /** Whether a value set here hides those the response already has. */
    boolean replaces(String name) {
        Values values = headers.get(name);
        return values != null && values.replace();
    }

    List<String> values(String name) {
        Values values = headers.get(name);
        return values == null ? List.of() : List.copyOf(values.values());
    }

    Collection<String> names() {
        return List.copyOf(headers.keySet());
    }

    boolean isEventStream() {
        return StreamHeaders.isEventStream(contentType);
    }

    void applyTo(HttpServletResponse response) {
        if (status != 0) {
            response.setStatus(status);
        }
        headers.forEach((name, values) -> {
            boolean replace = values.replace();
            for (String value : values.values()) {
                if (replace) {
                    response.setHeader(name, value);
                } else {
                    response.addHeader(name, value);
                }
                replace = false;
            }
        });
        cookies.forEach(response::addCookie);
        if (contentType != null) {
            response.setContentType(contentType);
        }
        if (encoding != null) {
            response.setCharacterEncoding(encoding);
        }
        if (isEventStream()) {
            StreamHeaders.addTo(response);
        } else if (contentLength >= 0) {
            response.setContentLengthLong(contentLength);
        }
    }
}
