package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file of a message in the history.
 *
 * @param json all of it, as it came
 */
public record MessageFile(DifyJson json) {
    /** In the message; not of an upload. */
    public String id() {
        return json.text("id");
    }

    /** Its name. */
    public String filename() {
        return json.text("filename");
    }

    /** Its kind, such as {@code image}. */
    public String type() {
        return json.text("type");
    }

    /** Where it can be fetched for a while. */
    public Optional<String> url() {
        return json.optionalText("url");
    }

    /** Its media type. */
    public Optional<String> mimeType() {
        return json.optionalText("mime_type");
    }

    /** In bytes. */
    public OptionalLong size() {
        return json.optionalNumber("size");
    }

    /** How Dify got it: {@code local_file} or {@code remote_url}. */
    public String transferMethod() {
        return json.text("transfer_method");
    }

    /** Whose it is: {@code user} or {@code assistant}. */
    public Optional<String> belongsTo() {
        return json.optionalText("belongs_to");
    }

    /** Of an upload; what the preview wants. */
    public Optional<String> uploadFileId() {
        return json.optionalText("upload_file_id");
    }
}
