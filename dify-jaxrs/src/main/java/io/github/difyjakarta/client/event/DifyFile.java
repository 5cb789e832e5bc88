package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file of an answer or a run: an element of {@code files}, or such an object within inputs and outputs. Chats and
 * chatflows fill different fields. Dify Service API, "Send Chat Message".
 *
 * @param json all of it, as it came
 */
public record DifyFile(DifyJson json) {
    /** Dify marks objects that are files so, among other values of a run. */
    private static final String MARK = "dify_model_identity";

    /** Whether an object within inputs or outputs is a file. */
    public static boolean isFile(DifyJson object) {
        return object.text(MARK).equals("__dify__file__");
    }

    static List<DifyFile> all(DifyJson json, String field) {
        return json.objects(field).stream().map(DifyFile::new).toList();
    }

    /** Mostly absent; see {@link #relatedId()}. */
    public Optional<String> id() {
        return json.optionalText("id");
    }

    /** Of the stored file. */
    public Optional<String> relatedId() {
        return json.optionalText("related_id");
    }

    /** Of the upload that it was. */
    public Optional<String> uploadFileId() {
        return json.optionalText("upload_file_id");
    }

    /** {@code image}, {@code document}, {@code audio}, {@code video}, {@code custom}, or a newer one. */
    public String type() {
        return json.text("type");
    }

    /** {@code remote_url}, {@code local_file}, {@code tool_file}, or a newer one. */
    public String transferMethod() {
        return json.text("transfer_method");
    }

    /** Its name. */
    public String filename() {
        return json.text("filename");
    }

    /** With the point: {@code .png}. */
    public String extension() {
        return json.text("extension");
    }

    /** Such as {@code image/png}; what Dify knew of a tool's file is often {@code application/octet-stream}. */
    public String mimeType() {
        return json.text("mime_type");
    }

    /** Bytes; 0 for files of tools, whatever their size. */
    public OptionalLong size() {
        return json.optionalNumber("size");
    }

    /** Where it can be fetched for a while; signed. */
    public Optional<String> url() {
        return json.optionalText("url");
    }

    /** Where it came from, or the same as {@link #url()}. */
    public Optional<String> remoteUrl() {
        return json.optionalText("remote_url");
    }

    /** Dify's own name for it, of no use to others. */
    public Optional<String> reference() {
        return json.optionalText("reference");
    }
}
