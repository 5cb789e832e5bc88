package io.github.difyjakarta.client.file;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.Download;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Files of questions and answers. Thread-safe. */
public final class DifyFiles {
    private final Calls calls;

    /** Files of an app. */
    public DifyFiles(Calls calls) {
        this.calls = calls;
    }

    /**
     * Sends a file, to be named in requests of the same user: {@code POST /files/upload}, and waits. The deadline moves on as
     * long as bytes do.
     */
    public UploadedFile upload(String user, Upload file) {
        return Calls.await(uploadAsync(user, file));
    }

    /** The same without waiting; cancelling the future breaks it off. */
    public CompletableFuture<UploadedFile> uploadAsync(String user, Upload file) {
        Require.text("user", user);
        return calls.send(
                Request.post("/files/upload").body(Multipart.form(Map.of("user", user), file, file.mediaType())),
                UploadedFile::new);
    }

    /**
     * A file that belongs to a message of this app: {@code GET /files/{file_id}/preview}, since Dify 1.7.2, and waits for all
     * of it. One that no message names yet is unknown to Dify.
     */
    public Download<byte[]> preview(String fileId) {
        return Calls.await(previewAsync(fileId, BodySubscribers.ofByteArray()));
    }

    /** The same, written to a file, which is replaced. */
    public Download<Path> preview(String fileId, Path target) {
        return Calls.await(previewAsync(fileId, Download.into(target)));
    }

    /** The same as a stream, to be closed; returns with its first bytes. */
    public Download<InputStream> previewStream(String fileId) {
        return Calls.await(previewStreamAsync(fileId));
    }

    /** The same without waiting for its first bytes; reading it waits for the others. */
    public CompletableFuture<Download<InputStream>> previewStreamAsync(String fileId) {
        return previewAsync(fileId, BodySubscribers.ofInputStream());
    }

    /**
     * The same without waiting.
     *
     * @param body takes the bytes, on the connection's thread; {@link Download#into} or one of {@link BodySubscribers}
     */
    public <T> CompletableFuture<Download<T>> previewAsync(String fileId, BodySubscriber<T> body) {
        return previewAsync(fileId, false, body);
    }

    /**
     * The same, or as something to be saved: of the type {@code application/octet-stream}, and with its name.
     *
     * @param asAttachment whether it is to be saved
     * @param body takes the bytes, on the connection's thread; {@link Download#into} or one of {@link BodySubscribers}
     */
    public <T> CompletableFuture<Download<T>> previewAsync(
            String fileId, boolean asAttachment, BodySubscriber<T> body) {
        Request request =
                Request.get("/files/{}/preview", Require.uuid("fileId", fileId)).since("1.7.2");
        return calls.download(asAttachment ? request.query("as_attachment", true) : request, "*/*", body);
    }
}
