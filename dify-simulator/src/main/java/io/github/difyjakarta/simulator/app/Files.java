package io.github.difyjakarta.simulator.app;

import io.github.difyjakarta.simulator.http.Multipart.Part;
import io.github.difyjakarta.simulator.http.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Takes uploads and shows them: by key once a message has them, by signed address at once. Confined to the event loop. */
final class Files {

    private static final int MEGABYTE = 1024 * 1024;
    private static final int MAX_NAME = 200;
    private static final Set<String> IMAGES = Set.of("jpg", "jpeg", "png", "webp", "gif", "svg");
    private static final Set<String> AUDIO = Set.of("mp3", "m4a", "wav", "amr", "mpga");
    private static final Set<String> VIDEOS = Set.of("mp4", "mov", "mpeg", "webm");
    private static final Set<String> HTML = Set.of("html", "htm", "text/html", "application/xhtml+xml");

    private final Uploads uploads;
    private final Store store;

    Files(Uploads uploads, Store store) {
        this.uploads = uploads;
        this.store = store;
    }

    void upload(Call call) {
        String user = call.userOfForm();
        Part file = file(call.form().files());
        String name = name(file.filename().orElse(""));
        if (file.size() > limit(Upload.extension(name))) {
            throw Refusal.of(413, "file_too_large", "");
        }
        Upload upload = new Upload(user, name, file.mimeType(), file.bytes(), Instant.now());
        uploads.add(upload);
        call.reply(201, upload.json(uploads.url(call.origin(), upload.id())));
    }

    void preview(Call call) {
        call.userOfQuery();
        Upload upload = uploads.find(call.variable())
                .filter(found -> found.messages().stream().anyMatch(store::hasMessage))
                .orElseThrow(() -> Refusal.of(404, "file_not_found", "File not found in message context"));
        boolean attachment = Set.of("true", "1", "yes", "on")
                .contains(call.query().getOrDefault("as_attachment", "false").toLowerCase(Locale.ROOT));
        show(call, upload, attachment);
    }

    /** Outside of the API, without key. */
    void signed(Call call) {
        Upload upload = uploads.find(call.variable())
                .filter(found -> uploads.isSigned(found.id(), call.query()))
                .orElseThrow(() -> Refusal.notFound("File not found or signature is invalid"));
        show(call, upload, false);
    }

    private static void show(Call call, Upload upload, boolean attachment) {
        // Shown by a browser as it is, somebody's HTML could run scripts in the name of the app.
        boolean html = HTML.contains(upload.mimeType()) || HTML.contains(Upload.extension(upload.name()));
        boolean download = attachment || html;
        Reply reply = new Reply(200, download ? "application/octet-stream" : upload.mimeType(), "", List.of(), true);
        if (upload.mimeType().startsWith("audio/") || upload.mimeType().startsWith("video/")) {
            reply = reply.withHeader("Accept-Ranges", "bytes");
        }
        if (download) {
            reply = reply.withHeader("Content-Disposition", "attachment; filename*=UTF-8''" + quoted(upload.name()));
        }
        call.exchange().reply(reply.withHeader("Cache-Control", "public, max-age=3600"), upload.bytes());
    }

    /** Of several files the first counts, if all have the same field name. */
    private static Part file(List<Part> files) {
        Part file = files.stream()
                .filter(part -> part.name().equals("file"))
                .findFirst()
                .orElseThrow(() -> Refusal.of(400, "no_file_uploaded", "Please upload your file."));
        if (files.stream().anyMatch(part -> !part.name().equals("file"))) {
            throw Refusal.of(400, "too_many_files", "Only one file is allowed.");
        }
        if (file.mimeType().isEmpty()) {
            throw Refusal.of(415, "unsupported_file_type", "File type not allowed.");
        }
        return file;
    }

    private static String name(String filename) {
        if (filename.isEmpty()) {
            throw Refusal.of(400, "filename_not_exists_error", "The specified filename does not exist.");
        }
        if (filename.contains("/") || filename.contains("\\")) {
            throw Refusal.invalidParam("Filename contains invalid characters");
        }
        int characters = filename.codePointCount(0, filename.length());
        if (characters <= MAX_NAME) {
            return filename;
        }
        String stem = filename.split("\\.", 2)[0];
        int end = stem.offsetByCodePoints(0, Math.min(MAX_NAME, stem.codePointCount(0, stem.length())));
        return stem.substring(0, end) + "." + Upload.extension(filename);
    }

    /** In bytes, by the extension in lower case. */
    static int limit(String extension) {
        if (IMAGES.contains(extension)) {
            return 10 * MEGABYTE;
        }
        if (VIDEOS.contains(extension)) {
            return 100 * MEGABYTE;
        }
        return (AUDIO.contains(extension) ? 50 : 15) * MEGABYTE;
    }

    private static String quoted(String name) {
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8);
        for (Map.Entry<String, String> difference :
                Map.of("+", "%20", "*", "%2A", "%7E", "~").entrySet()) {
            encoded = encoded.replace(difference.getKey(), difference.getValue());
        }
        return encoded;
    }
}
