package io.github.difyjakarta.servlet;

import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a {@code text/event-stream} needs in its head to pass through proxies and containers unbuffered. */
final class StreamHeaders {

    static final String EVENT_STREAM = "text/event-stream";

    static final String CONTENT_TYPE = "Content-Type";
    static final String CONTENT_LENGTH = "Content-Length";
    static final String CACHE_CONTROL = "Cache-Control";
    private static final String CONTENT_ENCODING = "Content-Encoding";

    private StreamHeaders() {}

    static boolean isEventStream(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        int parameters = contentType.indexOf(';');
        String type = parameters < 0 ? contentType : contentType.substring(0, parameters);
        return type.strip().equalsIgnoreCase(EVENT_STREAM);
    }

    static void addTo(HttpServletResponse response) {
        response.setHeader("X-Accel-Buffering", "no");
        response.setHeader(CACHE_CONTROL, cacheControl(response.getHeader(CACHE_CONTROL)));
        // Containers that compress leave alone what already has an encoding; Payara's forced compression would
        // otherwise hold the whole stream back until its end. A body somebody has really encoded keeps its label.
        if (!response.containsHeader(CONTENT_ENCODING)) {
            response.setHeader(CONTENT_ENCODING, "identity");
        }
    }

    /** What the application said of caching, with {@code no-cache} and {@code no-transform} in any case. */
    static String cacheControl(@Nullable String existing) {
        Map<String, String> directives = new LinkedHashMap<>();
        String wanted = existing == null ? "no-cache, no-transform" : existing + ", no-cache, no-transform";
        for (String directive : wanted.split(",", -1)) {
            if (!directive.isBlank()) {
                directives.putIfAbsent(directive.strip().toLowerCase(Locale.ROOT), directive.strip());
            }
        }
        return String.join(", ", directives.values());
    }

    /** A point in time as headers write it. */
    static String date(long millis) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC));
    }
}
