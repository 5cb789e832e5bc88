package io.github.difyjakarta.client.http;

import java.io.IOException;

/** The source of an upload failed, not the connection. */
public final class UnreadableUploadException extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableUploadException(Throwable cause) {
        super("the upload's source failed", cause);
    }
}
