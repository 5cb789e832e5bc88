package io.github.difyjakarta.client.file;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Optional;

/**
 * A file that Dify has taken: the answer of {@code POST /files/upload}.
 *
 * @param json all of it, as it came
 */
public record UploadedFile(DifyJson json) {
    /** For {@link InputFile#uploaded}. */
    public String id() {
        return json.text("id");
    }

    /** As Dify keeps it; cut after 200 characters. */
    public String name() {
        return json.text("name");
    }

    /** In bytes. */
    public long size() {
        return json.number("size");
    }

    /** Without a dot; may be empty. */
    public String extension() {
        return json.text("extension");
    }

    /** As it was sent; may be empty. */
    public String mimeType() {
        return json.text("mime_type");
    }

    /** The end user at Dify. */
    public Optional<String> createdBy() {
        return json.optionalText("created_by");
    }

    /** At Dify, in whole seconds. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    /** Signed and short-lived, where there is one. */
    public Optional<String> previewUrl() {
        return json.optionalText("preview_url");
    }

    /** Where the file itself can be fetched; signed and short-lived. */
    public Optional<String> sourceUrl() {
        return json.optionalText("source_url");
    }

    /** Where it came from; mostly absent. */
    public Optional<String> originalUrl() {
        return json.optionalText("original_url");
    }

    /** Dify's own name for it, of no use to others; mostly absent. */
    public Optional<String> reference() {
        return json.optionalText("reference");
    }

    /** Of the workspace. */
    public Optional<String> tenantId() {
        return json.optionalText("tenant_id");
    }

    /** Mostly absent; see {@link #createdBy()}. */
    public Optional<String> userId() {
        return json.optionalText("user_id");
    }

    /** Mostly absent: uploads belong to no conversation. */
    public Optional<String> conversationId() {
        return json.optionalText("conversation_id");
    }

    /** Dify's name for it in its storage; mostly absent. */
    public Optional<String> fileKey() {
        return json.optionalText("file_key");
    }
}
