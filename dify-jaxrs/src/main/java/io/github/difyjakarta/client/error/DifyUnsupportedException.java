package io.github.difyjakarta.client.error;

import java.util.Optional;

/** This Dify is too old for what it was asked. */
public final class DifyUnsupportedException extends DifyException {
    private static final long serialVersionUID = 1;

    /** The {@link #code()} of all of these. */
    public static final String NOT_SUPPORTED = "not_supported";

    private final String needed;

    /**
     * @param feature what was asked for, such as {@code GET /site}
     * @param needed the release that brought it, such as {@code 1.4.0}
     * @param serverVersion what the server says it is, where it says so
     */
    public DifyUnsupportedException(String feature, String needed, Optional<String> serverVersion) {
        super(
                NOT_SUPPORTED,
                feature + " is not supported by this server (needs Dify " + needed + " or newer"
                        + serverVersion.map(version -> "; this is " + version).orElse("") + ")");
        this.needed = needed;
    }

    /** The oldest release that can do it, such as {@code 1.4.0}. */
    public String needed() {
        return needed;
    }
}
