package io.github.difyjakarta.servlet;

import static io.github.difyjakarta.servlet.StreamHeaders.CACHE_CONTROL;
import static io.github.difyjakarta.servlet.StreamHeaders.CONTENT_LENGTH;
import static io.github.difyjakarta.servlet.StreamHeaders.CONTENT_TYPE;

import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import org.jspecify.annotations.Nullable;

/**
 * A response whose content type is watched: when it turns out to be an event stream, its head gets what it needs to pass
 * unbuffered, and never a length. Everything else is passed on. Confined to the request, as every response is.
 */
class WatchedResponse extends HttpServletResponseWrapper {

    WatchedResponse(HttpServletResponse response) {
        super(response);
    }

    @Override
    public void setContentType(@Nullable String type) {
        super.setContentType(type);
        watch(type);
    }

    @Override
    public void setHeader(String name, @Nullable String value) {
        header(name, value, true);
    }

    @Override
    public void addHeader(String name, @Nullable String value) {
        header(name, value, false);
    }

    private void header(String name, @Nullable String value, boolean replace) {
        if (CONTENT_TYPE.equalsIgnoreCase(name) && value != null) {
            pass(name, value, replace);
            watch(value);
        } else if (CONTENT_LENGTH.equalsIgnoreCase(name)) {
            if (!isEventStream()) {
                pass(name, value, replace);
            }
        } else if (CACHE_CONTROL.equalsIgnoreCase(name) && isEventStream()) {
            super.setHeader(name, StreamHeaders.cacheControl(value));
        } else {
            pass(name, value, replace);
        }
    }

    private void pass(String name, @Nullable String value, boolean replace) {
        if (replace) {
            super.setHeader(name, value);
        } else {
            super.addHeader(name, value);
        }
    }

    private void watch(@Nullable String type) {
        if (StreamHeaders.isEventStream(type) && !super.isCommitted()) {
            if (super.containsHeader(CONTENT_LENGTH)) {
                super.setContentLengthLong(-1);
            }
            StreamHeaders.addTo((HttpServletResponse) getResponse());
        }
    }

    final boolean isEventStream() {
        return StreamHeaders.isEventStream(super.getContentType());
    }

    @Override
    public void setContentLength(int length) {
        setContentLengthLong(length);
    }

    @Override
    public void setContentLengthLong(long length) {
        if (!isEventStream()) {
            super.setContentLengthLong(length);
        }
    }

    @Override
    public void setIntHeader(String name, int value) {
        setHeader(name, Integer.toString(value));
    }

    @Override
    public void addIntHeader(String name, int value) {
        addHeader(name, Integer.toString(value));
    }
}
