package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLConnection;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Reads the files of a question, beside and among its inputs, and ties them to its message. Confined to the event loop. */
final class Attachments {

    /** What the app takes by itself; anything else only as "custom". */
    static final List<String> TYPES = List.of("image", "document", "audio");

    static final List<String> METHODS = List.of("remote_url", "local_file");
    static final int MAX = 3;

    private static final Set<String> CUSTOM_EXTENSIONS = Set.of("jpg", "png", "txt", "pdf");

    private final Settings settings;
    private final Uploads uploads;

    Attachments(Settings settings, Uploads uploads) {
        this.settings = settings;
        this.uploads = uploads;
    }

    /** Nothing where the app takes no files, whatever was sent. */
    List<Attachment> read(Call call, String user) {
        List<Attachment> attachments = new ArrayList<>();
        if (!settings.takesFiles()) {
            return attachments;
        }
        for (JsonNode file : call.body().path("files")) {
            attachments.add(checked(read(call, file, user)));
        }
        long images =
                attachments.stream().filter(file -> file.type().equals("image")).count();
        if (images > MAX) {
            throw Refusal.invalidParam("Number of image files exceeds the maximum limit " + MAX);
        }
        if (attachments.size() > MAX) {
            throw Refusal.invalidParam("Number of files exceeds the maximum limit " + MAX);
        }
        return attachments;
    }

    /** The files of a workflow's run. Its app has no settings for them, so nothing limits them. */
    List<Attachment> ofRun(Call call, String user) {
        List<Attachment> attachments = new ArrayList<>();
        call.body().path("files").forEach(file -> attachments.add(read(call, file, user)));
        return attachments;
    }

    /** The inputs as a run has them: what describes a file, alone or in a list, has become that file. */
    ObjectNode inputs(Call call, Question question) {
        ObjectNode inputs = Json.object();
        question.inputs().properties().forEach(input -> {
            JsonNode value = input.getValue();
            if (value.isArray()) {
                ArrayNode items = inputs.putArray(input.getKey());
                value.forEach(item -> items.add(input(call, item, question.user())));
            } else {
                inputs.set(input.getKey(), input(call, value, question.user()));
            }
        });
        return inputs;
    }

    private JsonNode input(Call call, JsonNode value, String user) {
        return value.has("transfer_method") ? read(call, value, user).input() : value;
    }

    void attach(List<Attachment> attachments, Message message) {
        message.attach(attachments);
        for (Attachment attachment : attachments) {
            uploads.find(attachment.uploadId())
                    .ifPresent(upload -> upload.messages().add(message.id()));
        }
    }

    private Attachment read(Call call, JsonNode file, String user) {
        String type = file.path("type").asText("");
        String method = file.path("transfer_method").asText("");
        return switch (method) {
            case "local_file" -> local(call, type, file.path("upload_file_id").asText(""), user);
            case "remote_url" -> remote(type, file.path("url").asText(""));
            case "" -> throw Refusal.invalidParam("transfer_method is required in file mapping");
            default -> throw Refusal.invalidParam("No matching enum found for value '" + method + "'");
        };
    }

    private Attachment local(Call call, String type, String uploadId, String user) {
        Optional<Upload> own =
                uploads.find(uploadId).filter(found -> found.user().equals(user));
        Upload upload = own.orElseThrow(() -> Refusal.invalidParam("Invalid upload file"));
        String origin = call.origin();
        int size = upload.bytes().length;
        return new Attachment(
                newId(),
                type,
                upload.name(),
                upload.mimeType(),
                size,
                uploadId,
                "",
                () -> uploads.url(origin, uploadId));
    }

    /** Dify would look there; we do not go out, and take every host for reachable that is not below {@code .invalid}. */
    private static Attachment remote(String type, String url) {
        if (url.isEmpty()) {
            throw Refusal.invalidParam("Invalid file url");
        }
        if (url.matches("\\w+://[^/]*\\.invalid(?::\\d+)?(?:/.*)?")) {
            throw Refusal.invalidParam("Reached maximum retries (3) for URL " + url);
        }
        String path = url.split("[?#]", 2)[0];
        String filename = path.substring(path.lastIndexOf('/') + 1);
        String mimeType = Optional.ofNullable(URLConnection.guessContentTypeFromName(filename))
                .orElse("application/octet-stream");
        return new Attachment(newId(), type, filename, mimeType, -1, "", url, () -> url);
    }

    private static Attachment checked(Attachment file) {
        boolean allowed = file.type().equals("custom")
                ? CUSTOM_EXTENSIONS.contains(Upload.extension(file.filename()))
                : TYPES.contains(file.type());
        if (!allowed) {
            throw Refusal.invalidParam("File validation failed for file: " + file.filename());
        }
        return file;
    }

    private static String newId() {
        return UUID.randomUUID().toString();
    }
}
