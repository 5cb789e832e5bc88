package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.Wire.Response;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Sends forms with a file, as browsers do. */
final class Forms {

    private static final String BOUNDARY = "----testBoundary";

    private Forms() {}

    static Response send(DifySimulator dify, String path, String user, String filename, String type, byte[] file)
            throws IOException {
        byte[] body = body(user, filename, type, file);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.writeBytes(("POST /v1" + path + " HTTP/1.1\r\nHost: dify.example\r\nAuthorization: Bearer " + dify.key()
                        + "\r\nContent-Type: " + contentType() + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        request.writeBytes(body);
        return Wire.call(dify.url(), request.toByteArray());
    }

    /** The id of the new file. */
    static String upload(DifySimulator dify, String user, String filename, String type, byte[] file)
            throws IOException {
        return Shape.text(
                send(dify, "/files/upload", user, filename, type, file).body(), "id");
    }

    /** An uploaded file as a question names it. */
    static String local(String type, String id) {
        return "{\"type\":\"" + type + "\",\"transfer_method\":\"local_file\",\"upload_file_id\":\"" + id + "\"}";
    }

    static String contentType() {
        return "multipart/form-data; boundary=" + BOUNDARY;
    }

    static byte[] body(String user, String filename, String type, byte[] file) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"user\"\r\n\r\n" + user + "\r\n--"
                        + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + filename
                        + "\"\r\n"
                        + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n") + "\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(file);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }
}
