package io.github.difyjakarta.client.file;

import io.github.difyjakarta.client.call.Require;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A file that a request names: uploaded before, or somewhere on the web where Dify fetches it. Immutable.
 *
 * @param type what kind it is
 * @param uploadFileId of {@link UploadedFile#id()}; of an upload by the same user, else Dify refuses it
 * @param url where Dify fetches it; exactly one of both is there
 */
public record InputFile(Type type, Optional<String> uploadFileId, Optional<String> url) {
    /** Kinds of file, by the names Dify uses. */
    public enum Type {
        IMAGE,
        DOCUMENT,
        AUDIO,
        VIDEO,
        /** What the app allows by its own list of extensions. */
        CUSTOM;

        /** As in requests: {@code image}. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * @throws IllegalArgumentException when not exactly one of both is there
     */
    public InputFile {
        Require.check(
                uploadFileId.isPresent() != url.isPresent(),
                "a file is either uploaded or remote, and exactly one of both");
        uploadFileId.ifPresent(id -> Require.uuid("uploadFileId", id));
    }

    /** A file that was uploaded, by its id. */
    public static InputFile uploaded(Type type, String uploadFileId) {
        return new InputFile(type, Optional.of(uploadFileId), Optional.empty());
    }

    /** A file that was uploaded. */
    public static InputFile uploaded(Type type, UploadedFile file) {
        return uploaded(type, file.id());
    }

    /** A file that Dify fetches from the web. */
    public static InputFile remote(Type type, URI url) {
        return new InputFile(type, Optional.empty(), Optional.of(url.toString()));
    }

    /** The form that requests carry it in, also as a value in {@code inputs}. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("type", type.wireName());
        map.put("transfer_method", url.isPresent() ? "remote_url" : "local_file");
        url.ifPresent(address -> map.put("url", address));
        uploadFileId.ifPresent(id -> map.put("upload_file_id", id));
        return map;
    }
}
