package io.github.difyjakarta.websocket;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.relay.RelayError;
import java.util.List;
import java.util.Optional;

/** One answer in the words that a browser has asked for. Confined to the lock of its {@link WebSocketOutlet}. */
interface AnswerFrames {
    /**
     * What is to be said of an event of Dify's.
     *
     * @throws RuntimeException where the event is not what Dify's contract says, or the answer is longer than can be kept
     */
    List<Outgoing> event(DifyFrame frame);

    /** What is to be said at the end of a stream that Dify itself has ended. */
    List<Outgoing> end();

    /** The conversation to go on with; empty unless the answer has come to a good end. */
    Optional<String> conversation();

    /** The frame of an error. */
    Outgoing error(RelayError error);
}
