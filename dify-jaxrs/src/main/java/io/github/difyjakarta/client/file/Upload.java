package io.github.difyjakarta.client.file;

import io.github.difyjakarta.client.call.Require;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;

/**
 * A file to be sent, and how it is read. Read once, while it is sent; never wholly in memory, but for {@code byte[]}.
 * Immutable, as far as its source is.
 */
public final class Upload {
    private final String fileName;
    private final String mediaType;
    private final Origin origin;
    private final Executor reader;
    private final Optional<Progress> progress;

    /** Hears how far an upload is. Called on a connection's thread: it must not block. */
    @FunctionalInterface
    public interface Progress {
        /**
         * @param sent bytes of the file so far
         * @param total bytes of the file; empty where that is not known
         */
        void onProgress(long sent, OptionalLong total);
    }

    private Upload(String fileName, String mediaType, Origin origin, Executor reader, Optional<Progress> progress) {
        Require.text("fileName", fileName);
        Require.check(
                mediaType.matches("[!-~]+/[ -~]+"),
                "mediaType must be a media type such as image/png, not " + mediaType);
        this.fileName = fileName;
        this.mediaType = mediaType;
        this.origin = origin;
        this.reader = reader;
        this.progress = progress;
    }

    /**
     * A file of the file system, under its own name; its media type by its extension.
     *
     * @throws UncheckedIOException when it cannot be read
     */
    public static Upload of(Path file) {
        String name = String.valueOf(file.getFileName());
        try {
            return new Upload(
                    name,
                    mediaTypeOf(name),
                    new Origin.File(file, Files.size(file)),
                    ForkJoinPool.commonPool(),
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What is in memory.
     *
     * @param fileName tells its media type by its extension
     */
    public static Upload of(String fileName, byte[] content) {
        return new Upload(
                fileName,
                mediaTypeOf(fileName),
                new Origin.Memory(content),
                ForkJoinPool.commonPool(),
                Optional.empty());
    }

    /**
     * A stream, such as a part of a form: sent once, in chunks. Closed when it has been read, or the upload ends before,
     * perhaps while a read is under way.
     *
     * @param fileName tells its media type by its extension
     */
    public static Upload of(String fileName, InputStream content) {
        return new Upload(
                fileName,
                mediaTypeOf(fileName),
                new Origin.Stream(content),
                ForkJoinPool.commonPool(),
                Optional.empty());
    }

    /** The same with a media type of its own. */
    public Upload as(String otherMediaType) {
        return new Upload(fileName, otherMediaType, origin, reader, progress);
    }

    /** The same under another name. */
    public Upload named(String otherName) {
        return new Upload(otherName, mediaType, origin, reader, progress);
    }

    /** The same, read on threads of another executor than the common pool: reading may block. */
    public Upload readBy(Executor executor) {
        return new Upload(fileName, mediaType, origin, executor, progress);
    }

    /** The same, telling how far it is. */
    public Upload telling(Progress listener) {
        return new Upload(fileName, mediaType, origin, reader, Optional.of(listener));
    }

    private static String mediaTypeOf(String fileName) {
        return Optional.ofNullable(URLConnection.guessContentTypeFromName(fileName))
                .orElse("application/octet-stream");
    }

    public String fileName() {
        return fileName;
    }

    public String mediaType() {
        return mediaType;
    }

    /** In bytes; empty for a stream. */
    public OptionalLong length() {
        return origin.length();
    }

    Origin origin() {
        return origin;
    }

    Executor reader() {
        return reader;
    }

    Optional<Progress> progress() {
        return progress;
    }

    /** Not its name, which is the user's. */
    @Override
    public String toString() {
        return "Upload[" + mediaType + "]";
    }
}
