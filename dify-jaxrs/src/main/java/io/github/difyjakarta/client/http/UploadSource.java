package io.github.difyjakarta.client.http;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** What an upload reads: one stream at a time, where reading may block. Thread-safe. */
public interface UploadSource {
    /** In bytes, 0 or more; empty where only the end shows it. */
    OptionalLong length();

    /** Whether what was opened before can be opened again, from its beginning. */
    boolean isRepeatable();

    /**
     * Opens it; the stream is closed by the one who asked, perhaps while another thread reads.
     *
     * @throws IOException when it cannot be read
     */
    InputStream open() throws IOException;

    /** Nobody will open it any more; closes what was open before. May block. */
    void discard() throws IOException;

    /**
     * Part of it has gone out. Called on the connection's thread.
     *
     * @param bytes since it was opened
     */
    void onSent(long bytes);
}
