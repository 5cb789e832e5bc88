package io.github.difyjakarta.client.error;

/** The client cannot work as it is configured; the message names every setting that is missing or wrong. */
public final class DifyConfigurationException extends DifyException {
    private static final long serialVersionUID = 1;

    /** The {@link #code()} of all of these. */
    public static final String NOT_CONFIGURED = "not_configured";

    /**
     * @param message names the settings and the form they should have, never a secret's value
     */
    public DifyConfigurationException(String message) {
        super(NOT_CONFIGURED, message);
    }
}
