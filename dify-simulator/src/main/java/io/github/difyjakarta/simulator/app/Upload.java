package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/** A file that a user has uploaded, and the messages it came with since. Confined to the event loop. */
final class Upload {

    private final String id = UUID.randomUUID().toString();
    private final String user;
    private final String name;
    private final String mimeType;
    private final byte[] bytes;
    private final long createdAt;
    private final Set<String> messages = new HashSet<>();

    Upload(String user, String name, String mimeType, byte[] bytes, Instant now) {
        this.user = user;
        this.name = name;
        this.mimeType = mimeType;
        this.bytes = bytes;
        this.createdAt = now.getEpochSecond();
    }

    /** What is behind the last dot, in lower case; empty without one. */
    static String extension(String name) {
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    String id() {
        return id;
    }

    String user() {
        return user;
    }

    String name() {
        return name;
    }

    String mimeType() {
        return mimeType;
    }

    byte[] bytes() {
        return bytes;
    }

    /** Ids of the messages it came with, to be added to. */
    Set<String> messages() {
        return messages;
    }

    ObjectNode json(String url) {
        return Json.object()
                .put("id", id)
                .putNull("reference")
                .put("name", name)
                .put("size", bytes.length)
                .put("extension", extension(name))
                .put("mime_type", mimeType)
                .put("created_by", EndUsers.id(user))
                .put("created_at", createdAt)
                .putNull("preview_url")
                .put("source_url", url)
                .putNull("original_url")
                .putNull("user_id")
                .put("tenant_id", EndUsers.TENANT_ID)
                .putNull("conversation_id")
                .putNull("file_key");
    }
}
