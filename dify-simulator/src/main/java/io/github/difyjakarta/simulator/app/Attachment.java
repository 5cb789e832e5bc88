package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;

/**
 * A file that came with a question. Immutable.
 *
 * @param id of this use of the file, Dify's "message file"
 * @param type image, document, audio, video or custom, as the caller says
 * @param uploadId empty for a file that lies elsewhere
 * @param size in bytes, -1 if unknown
 * @param remoteUrl empty for an uploaded file
 * @param url where a browser finds it; another signature each time
 */
record Attachment(
        String id,
        String type,
        String filename,
        String mimeType,
        int size,
        String uploadId,
        String remoteUrl,
        Supplier<String> url) {

    private static final String MARK = "dify_model_identity";

    /** As the history shows it. */
    ObjectNode history() {
        ObjectNode json = Json.object()
                .put("id", id)
                .put("filename", filename)
                .put("type", type)
                .put("url", url.get())
                .put("mime_type", mimeType)
                .put("size", size)
                .put("transfer_method", method())
                .put("belongs_to", "user");
        return isLocal() ? json.put("upload_file_id", uploadId) : json.putNull("upload_file_id");
    }

    /** As the last frame of a chat names it. */
    ObjectNode frame() {
        return Json.object()
                .put("related_id", id)
                .put("extension", extension())
                .put("filename", filename)
                .put("size", size)
                .put("mime_type", mimeType)
                .put("transfer_method", method())
                .put("type", type)
                .put("url", url.get())
                .put("upload_file_id", isLocal() ? uploadId : id)
                .put("remote_url", remoteUrl);
    }

    /** As a run has it among its inputs. */
    ObjectNode input() {
        String related = isLocal() ? uploadId : id;
        byte[] record = ("{\"record_id\":\"" + related + "\"}").getBytes(StandardCharsets.UTF_8);
        return Json.object()
                .put(MARK, "__dify__file__")
                .putNull("id")
                .put("type", type)
                .put("transfer_method", method())
                .put("remote_url", remoteUrl)
                .put("reference", "dify-file-ref:" + Base64.getEncoder().encodeToString(record))
                .put("filename", filename)
                .put("extension", extension())
                .put("mime_type", mimeType)
                .put("size", size)
                .put("related_id", related)
                .put("url", url.get());
    }

    /** Files among such inputs or outputs, alone or in lists. */
    static List<JsonNode> among(ObjectNode values) {
        List<JsonNode> files = new ArrayList<>();
        for (JsonNode value : values) {
            (value.isArray() ? value : List.of(value)).forEach(item -> {
                if (item.has(MARK)) {
                    files.add(item);
                }
            });
        }
        return files;
    }

    boolean isLocal() {
        return !uploadId.isEmpty();
    }

    private String method() {
        return isLocal() ? "local_file" : "remote_url";
    }

    private String extension() {
        String extension = Upload.extension(filename);
        return extension.isEmpty() ? "" : "." + extension;
    }
}
