package io.github.difyjakarta.servlet;

import static io.github.difyjakarta.servlet.StreamHeaders.CONTENT_TYPE;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A response whose status and headers go to the stream's held head as soon as the stream is engaged; until then it is a
 * {@link WatchedResponse} and nothing else.
 */
class HeldHeadResponse extends WatchedResponse {

    private final EventStream stream;

    HeldHeadResponse(HttpServletResponse response, EventStream stream) {
        super(response);
        this.stream = stream;
    }

    // ---- headers

    @Override
    public void setContentType(@Nullable String type) {
        if (stream.isEngaged()) {
            stream.contentType(type);
        } else {
            super.setContentType(type);
        }
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        if (stream.isEngaged()) {
            stream.change(answer -> answer.header(name, value, true));
        } else {
            super.setHeader(name, value);
        }
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        if (stream.isEngaged()) {
            stream.change(answer -> answer.header(name, value, false));
        } else {
            super.addHeader(name, value);
        }
    }

    @Override
    public void setContentLengthLong(long length) {
        if (stream.isEngaged()) {
            stream.change(answer -> answer.changeHead(head -> head.contentLength(length)));
        } else {
            super.setContentLengthLong(length);
        }
    }

    @Override
    public void setDateHeader(String name, long millis) {
        if (stream.isEngaged()) {
            setHeader(name, StreamHeaders.date(millis));
        } else {
            super.setDateHeader(name, millis);
        }
    }

    @Override
    public void addDateHeader(String name, long millis) {
        if (stream.isEngaged()) {
            addHeader(name, StreamHeaders.date(millis));
        } else {
            super.addDateHeader(name, millis);
        }
    }

    @Override
    public void addCookie(Cookie cookie) {
        if (stream.isEngaged()) {
            stream.change(answer -> answer.changeHead(head -> head.cookie(cookie)));
        } else {
            super.addCookie(cookie);
        }
    }

    @Override
    public void setCharacterEncoding(@Nullable String encoding) {
        if (stream.isEngaged()) {
            stream.change(answer -> answer.changeHead(head -> head.encoding(encoding)));
        } else {
            super.setCharacterEncoding(encoding);
        }
    }

    @Override
    public void setLocale(Locale locale) {
        if (!stream.isEngaged()) {
            super.setLocale(locale);
        }
    }

    @Override
    public boolean containsHeader(String name) {
        return getHeader(name) != null || super.containsHeader(name);
    }

    @Override
    public @Nullable String getHeader(String name) {
        if (stream.isEngaged()) {
            if (CONTENT_TYPE.equalsIgnoreCase(name)) {
                return getContentType();
            }
            List<String> held = stream.readHead(head -> head.values(name));
            if (!held.isEmpty()) {
                return held.get(0);
            }
        }
        return super.getHeader(name);
    }

    @Override
    public Collection<String> getHeaders(String name) {
        if (!stream.isEngaged()) {
            return super.getHeaders(name);
        }
        List<String> values = new ArrayList<>();
        if (!stream.readHead(head -> head.replaces(name))) {
            values.addAll(super.getHeaders(name));
        }
        values.addAll(stream.readHead(head -> head.values(name)));
        return values;
    }

    @Override
    public Collection<String> getHeaderNames() {
        if (!stream.isEngaged()) {
            return super.getHeaderNames();
        }
        Set<String> names = new LinkedHashSet<>(super.getHeaderNames());
        names.addAll(stream.readHead(Head::names));
        return names;
    }

    @Override
    public @Nullable String getContentType() {
        String held = stream.isEngaged() ? stream.readHead(Head::contentType) : null;
        return held == null ? super.getContentType() : held;
    }

    // ---- status

    @Override
    public void setStatus(int status) {
        if (stream.isEngaged()) {
            stream.change(answer -> answer.changeHead(head -> head.status(status)));
        } else {
            super.setStatus(status);
        }
    }

    @Override
    public int getStatus() {
        int held = stream.isEngaged() ? stream.readHead(Head::status) : 0;
        return held == 0 ? super.getStatus() : held;
    }

    @Override
    public void sendError(int status) throws IOException {
        if (stream.isEngaged()) {
            bareAnswer(status, Map.of());
        } else {
            super.sendError(status);
        }
    }

    @Override
    public void sendError(int status, @Nullable String message) throws IOException {
        if (stream.isEngaged()) {
            bareAnswer(status, Map.of()); // the page would be the container's, and nobody shows it to a user
        } else {
            super.sendError(status, message);
        }
    }

    @Override
    public void sendRedirect(String location) throws IOException {
        if (stream.isEngaged()) {
            bareAnswer(SC_FOUND, Map.of("Location", location));
        } else {
            super.sendRedirect(location);
        }
    }

    private void bareAnswer(int status, Map<String, String> headers) {
        mustBeHeld();
        Head bare = Head.of(status, headers, null, 0);
        stream.change(answer -> answer.bare(bare));
    }

    /** Throws if status and headers cannot change any more. */
    final void mustBeHeld() {
        if (!stream.isHeld()) {
            throw new IllegalStateException("The response is committed");
        }
    }
}
