package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.file.InputFile;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which files a request may name, among its {@code files} and in its inputs alike. Whose an upload is Dify checks by the user;
 * kinds of reference that it does not check are refused.
 *
 * @param uploads whether files may be sent at all
 * @param remote whether Dify may be told to fetch some from the web
 */
record FileRules(boolean uploads, boolean remote) {
    private static final String LOCAL_FILE = "local_file";
    private static final String REMOTE_URL = "remote_url";

    /** The files of a body's {@code files}; none where there is no such field. */
    List<InputFile> files(JsonNode files) {
        if (files.isMissingNode() || files.isNull()) {
            return List.of();
        }
        if (!files.isArray()) {
            throw JsonBody.invalid("files", "Input should be a valid list");
        }
        List<InputFile> read = new ArrayList<>();
        for (JsonNode file : files) {
            read.add(file(file));
        }
        return List.copyOf(read);
    }

    /** Checks the files in inputs, which Dify takes for files by their {@code transfer_method}. */
    void checkInputs(JsonNode value) {
        if (value.has("transfer_method")) {
            file(value);
        }
        for (JsonNode part : value) {
            checkInputs(part);
        }
    }

    private InputFile file(JsonNode file) {
        if (!uploads) {
            throw JsonBody.invalid("files cannot be sent through this application");
        }
        InputFile.Type type = type(file.path("type").asText());
        String method = file.path("transfer_method").asText();
        return switch (method) {
            case LOCAL_FILE -> uploaded(type, file.path("upload_file_id").asText());
            case REMOTE_URL -> fetched(type, file);
            default -> throw JsonBody.invalid("transfer_method must be " + LOCAL_FILE + " or " + REMOTE_URL);
        };
    }

    private static InputFile.Type type(String name) {
        return Arrays.stream(InputFile.Type.values())
                .filter(type -> type.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> JsonBody.invalid("type of a file must be image, document, audio, video or custom"));
    }

    private static InputFile uploaded(InputFile.Type type, String id) {
        if (!Ids.isId(id)) {
            throw JsonBody.invalid("upload_file_id must be a UUID");
        }
        return InputFile.uploaded(type, id);
    }

    /** Dify reads either name of the address. */
    private InputFile fetched(InputFile.Type type, JsonNode file) {
        if (!remote) {
            throw JsonBody.invalid("files by their address cannot be sent through this application");
        }
        for (String field : List.of("url", REMOTE_URL)) {
            if (file.has(field)) {
                address(file.path(field).asText());
            }
        }
        return InputFile.remote(type, address(file.path("url").asText()));
    }

    private static URI address(String text) {
        Optional<URI> address = PublicAddress.of(text);
        return address.orElseThrow(() -> JsonBody.invalid("url must be a public address of http or https"));
    }
}
