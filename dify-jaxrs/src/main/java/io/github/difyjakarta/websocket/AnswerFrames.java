package io.github.difyjakarta.websocket;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.relay.RelayError;
import java.util.List;
import java.util.Optional;

/**
 * One answer in the words that a browser has asked for. Its {@link WebSocketOutlet} asks for events one at a time, under its lock,
 * and for the end and the conversation after the last of them, without; for the frame of an error at any time, on any thread.
 */
interface AnswerFrames {
    /**
     * What is to be said of an event of Dify's.
     *
     * @throws RuntimeException where the event is not what Dify's contract says, or the answer is longer than can be kept
     */
    List<Outgoing> event(DifyFrame frame);

    /**
     * What is to be said at the end of a stream that Dify itself has ended.
     *
     * @throws RuntimeException where what came makes no answer
     */
    List<Outgoing> end();

    /** The conversation to go on with; empty unless the answer has come to a good end. */
    Optional<String> conversation();

    /** The frame of an error; whatever the answer has come to. */
    Outgoing error(RelayError error);
}
