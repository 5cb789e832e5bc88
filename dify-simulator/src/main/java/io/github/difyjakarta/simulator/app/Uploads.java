package io.github.difyjakarta.simulator.app;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The uploaded files and the signed addresses by which a browser may load them. Confined to the event loop. */
final class Uploads {

    /** Above it the oldest files are forgotten: a simulator may run for weeks. */
    private static final long MAX_BYTES = 256L * 1024 * 1024;

    private static final int MAX_FILES = 10_000;

    private final String secret = UUID.randomUUID().toString();
    private final Map<String, Upload> uploads = new LinkedHashMap<>();
    private long bytes;

    void add(Upload upload) {
        uploads.put(upload.id(), upload);
        bytes += upload.bytes().length;
        while ((bytes > MAX_BYTES || uploads.size() > MAX_FILES) && uploads.size() > 1) {
            String oldest = uploads.keySet().iterator().next();
            Optional.ofNullable(uploads.remove(oldest)).ifPresent(gone -> bytes -= gone.bytes().length);
        }
    }

    Optional<Upload> find(String id) {
        return Optional.ofNullable(uploads.get(id));
    }

    /** An address that needs no key. Unlike Dify's it does not expire. */
    String url(String origin, String id) {
        long timestamp = Instant.now().getEpochSecond();
        String nonce = UUID.randomUUID().toString().replace("-", "");
        return origin + "/files/" + id + "/file-preview?timestamp=" + timestamp + "&nonce=" + nonce + "&sign="
                + signature(id, Long.toString(timestamp), nonce).replace("=", "%3D");
    }

    boolean isSigned(String id, Map<String, String> query) {
        String expected = signature(id, query.getOrDefault("timestamp", ""), query.getOrDefault("nonce", ""));
        return expected.equals(query.get("sign"));
    }

    private String signature(String id, String timestamp, String nonce) {
        try {
            byte[] text = String.join("|", secret, id, timestamp, nonce).getBytes(StandardCharsets.UTF_8);
            return Base64.getUrlEncoder()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
