package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.call.DifyStream;

/** What became of a question that was to be asked. */
public sealed interface Beginning {
    /**
     * Dify is being asked.
     *
     * @param stream not yet read
     * @param meter counts its tokens
     * @param policy which of its events pass
     */
    record Run(DifyStream stream, TokenMeter meter, EventPolicy policy) implements Beginning {}

    /** It was not asked. */
    record Refused(RelayError error) implements Beginning {}
}
