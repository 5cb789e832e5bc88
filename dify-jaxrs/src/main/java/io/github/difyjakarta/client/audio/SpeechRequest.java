package io.github.difyjakarta.client.audio;

import io.github.difyjakarta.client.call.Require;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is to be said: the body of {@code POST /text-to-audio}. Immutable.
 *
 * @param user who hears it
 * @param text to be said
 * @param messageId whose answer is to be said; at least one of both is there, and the message goes first
 * @param voice of the provider's; default is the app's
 * @param streaming is documented, and ignored by Dify: it streams whatever its provider streams
 */
public record SpeechRequest(
        String user,
        Optional<String> text,
        Optional<String> messageId,
        Optional<String> voice,
        Optional<Boolean> streaming) {
    /**
     * @throws IllegalArgumentException naming what is missing or malformed
     */
    public SpeechRequest {
        Require.text("user", user);
        Require.check(text.isPresent() || messageId.isPresent(), "a text or a messageId is required");
        text.ifPresent(words -> Require.text("text", words));
        messageId.ifPresent(id -> Require.uuid("messageId", id));
    }

    /** Says a text. */
    public static SpeechRequest ofText(String user, String text) {
        return new SpeechRequest(user, Optional.of(text), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Says the answer of a message. */
    public static SpeechRequest ofMessage(String user, String messageId) {
        return new SpeechRequest(user, Optional.empty(), Optional.of(messageId), Optional.empty(), Optional.empty());
    }

    /** The same in another voice. */
    public SpeechRequest inVoice(String name) {
        return new SpeechRequest(user, text, messageId, Optional.of(name), streaming);
    }

    /** The same, said by the documented switch. */
    public SpeechRequest streaming(boolean wanted) {
        return new SpeechRequest(user, text, messageId, voice, Optional.of(wanted));
    }

    Map<String, Object> toBody() {
        Map<String, Object> body = new LinkedHashMap<>();
        messageId.ifPresent(id -> body.put("message_id", id));
        text.ifPresent(words -> body.put("text", words));
        voice.ifPresent(name -> body.put("voice", name));
        streaming.ifPresent(wanted -> body.put("streaming", wanted));
        body.put("user", user);
        return body;
    }

    /** Not what is said. */
    @Override
    public String toString() {
        return "SpeechRequest[]";
    }
}
