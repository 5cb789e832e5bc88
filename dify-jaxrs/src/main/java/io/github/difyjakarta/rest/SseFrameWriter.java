package io.github.difyjakarta.rest;

import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Writes frames that are encoded already; nearer to their type than the server's own writer of events. */
public class SseFrameWriter implements MessageBodyWriter<SseFrame> {
    @Override
    public boolean isWriteable(Class<?> type, Type genericType, Annotation[] annotations, MediaType mediaType) {
        return type == SseFrame.class;
    }

    @Override
    public void writeTo(
            SseFrame frame,
            Class<?> type,
            Type genericType,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, Object> headers,
            OutputStream output)
            throws IOException {
        output.write(frame.bytes(), 0, frame.length());
        frame.onWritten();
    }
}
