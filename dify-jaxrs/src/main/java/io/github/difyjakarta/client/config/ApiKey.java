package io.github.difyjakarta.client.config;

/**
 * An app's key. Leaves this package only in the {@code Authorization} header.
 *
 * @param value visible ASCII without blanks, as a header demands
 */
public record ApiKey(String value) {
    /**
     * @throws IllegalArgumentException when it could not stand in a header; the message does not hold it
     */
    public ApiKey {
        if (value.isEmpty() || !value.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new IllegalArgumentException("an API key is one word of visible ASCII characters, such as app-...");
        }
    }

    /** The value of the {@code Authorization} header. */
    public String authorization() {
        return "Bearer " + value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
