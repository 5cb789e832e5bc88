package io.github.difyjakarta.client.file;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.call.Body;
import io.github.difyjakarta.client.http.HttpTransport;
import io.github.difyjakarta.client.http.UploadSource;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.OptionalLong;
import java.util.UUID;

/** A form with one file (RFC 7578), as browsers send it: names in UTF-8, quotes and line ends in them escaped. */
public final class Multipart {
    private Multipart() {}

    /**
     * The body of a form.
     *
     * @param fields before the file
     * @param file sent as the field {@code file}
     * @param mediaType of the file
     */
    public static Body form(Map<String, String> fields, Upload file, String mediaType) {
        String boundary = "dify-" + UUID.randomUUID();
        StringBuilder head = new StringBuilder();
        fields.forEach((name, value) -> head.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"")
                .append(escaped(name))
                .append("\"\r\n\r\n")
                .append(value)
                .append("\r\n"));
        head.append("--")
                .append(boundary)
                .append("\r\nContent-Disposition: form-data; name=\"file\"; filename=\"")
                .append(escaped(file.fileName()))
                .append("\"\r\nContent-Type: ")
                .append(mediaType)
                .append("\r\n\r\n");
        HttpTransport.Upload content = new HttpTransport.Upload(
                head.toString().getBytes(UTF_8),
                new Told(file.origin(), file.progress().orElse((sent, total) -> {})),
                ("\r\n--" + boundary + "--\r\n").getBytes(UTF_8),
                file.reader());
        return Body.of("multipart/form-data; boundary=" + boundary, content);
    }

    private static String escaped(String name) {
        return name.replace("\"", "%22").replace("\r", "%0D").replace("\n", "%0A");
    }

    /** Tells a listener of what has gone out; of what goes out once more only where it gets further. */
    private static final class Told implements UploadSource {
        private final Origin origin;
        private final Upload.Progress listener;

        /** Confined to the connection's thread, of which there is one at a time. */
        private volatile long told = -1;

        Told(Origin origin, Upload.Progress listener) {
            this.origin = origin;
            this.listener = listener;
        }

        @Override
        public OptionalLong length() {
            return origin.length();
        }

        @Override
        public boolean isRepeatable() {
            return !(origin instanceof Origin.Stream);
        }

        @Override
        public InputStream open() throws IOException {
            return origin.open();
        }

        @Override
        public void discard() throws IOException {
            if (origin instanceof Origin.Stream open) {
                open.stream().close();
            }
        }

        @Override
        public void onSent(long bytes) {
            if (bytes > told) {
                told = bytes;
                listener.onProgress(bytes, length());
            }
        }
    }
}
