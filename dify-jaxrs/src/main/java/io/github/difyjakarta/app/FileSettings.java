package io.github.difyjakarta.app;

/**
 * What browsers may do with files.
 *
 * @param maxUploadBytes the largest file that is taken, a sound as well; what Dify says of the app can be less; at least 1
 *     KiB, default 100 MiB, as Dify's own proxy
 * @param maxUploads how many files are on their way at once, from all users together; each keeps a thread of the server's
 *     while it is read; 1 to 10,000, default 20
 * @param remoteFiles whether questions may name files of the web by their address, for Dify to fetch; private addresses are
 *     refused, but where a name leads is not looked at; default false
 */
public record FileSettings(long maxUploadBytes, int maxUploads, boolean remoteFiles) {
    /** What the parameters say. */
    public static final FileSettings DEFAULTS = new FileSettings(100L * 1024 * 1024, 20, false);

    private static final int SMALLEST_UPLOAD = 1024;
    static final int MOST_UPLOADS = 10_000;

    /**
     * @throws IllegalArgumentException naming the component and the form it should have
     */
    public FileSettings {
        if (maxUploadBytes < SMALLEST_UPLOAD) {
            throw new IllegalArgumentException("maxUploadBytes must be at least 1024, not " + maxUploadBytes);
        }
        if (maxUploads < 1 || maxUploads > MOST_UPLOADS) {
            throw new IllegalArgumentException("maxUploads must be 1 to 10,000, not " + maxUploads);
        }
    }
}
