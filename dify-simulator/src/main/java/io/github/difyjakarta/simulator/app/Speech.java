package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.github.difyjakarta.simulator.http.Multipart.Part;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads aloud and listens. Confined to the event loop. */
final class Speech {

    private static final int MAX_BYTES = 30 * 1024 * 1024;

    /** Taken literally: what most clients call an MP3, {@code audio/mpeg}, is none. */
    private static final Set<String> AUDIO = Set.of("audio/mp3", "audio/m4a", "audio/wav", "audio/amr", "audio/mpga");

    private final Settings settings;
    private final Store store;

    Speech(Settings settings, Store store) {
        this.settings = settings;
        this.store = store;
    }

    void toText(Call call) {
        call.userOfForm();
        Part audio = call.form().files().stream()
                .filter(part -> part.name().equals("file"))
                .findFirst()
                .orElseThrow(Refusal::missingPart);
        if (!settings.listens()) {
            throw Refusal.of(400, "speech_to_text_disabled", "Speech to text is disabled.");
        }
        if (!AUDIO.contains(audio.mimeType())) {
            throw Refusal.of(415, "unsupported_audio_type", "Audio type not allowed.");
        }
        if (audio.size() > MAX_BYTES) {
            throw Refusal.of(413, "audio_too_large", "Audio size larger than 30 mb");
        }
        String heard = SilentMp3.title(audio.bytes()).orElse("I hear " + audio.size() + " bytes, but no words");
        call.reply(Json.object().put("text", heard));
    }

    void fromText(Call call) {
        String user = call.userOfBody();
        Validation fields = new Validation("TextToAudioPayload", call.body());
        String messageId = fields.text("message_id", false);
        fields.text("voice", false);
        fields.text("text", false);
        fields.check();
        JsonNode text = call.body().path("text");
        if (!messageId.isEmpty()) {
            Optional<String> answer =
                    store.message(messageId, user).map(Message::answer).filter(said -> !said.isEmpty());
            if (answer.isEmpty()) {
                // Not an error, says Dify.
                call.reply(NullNode.getInstance());
                return;
            }
            say(call, answer.get());
        } else if (text.isTextual()) {
            say(call, text.asText());
        } else {
            throw Refusal.invalidParam("Text is required");
        }
    }

    private void say(Call call, String text) {
        if (!settings.reads()) {
            throw Refusal.invalidParam("TTS is not enabled");
        }
        call.exchange().head(200, "audio/mpeg", List.of());
        SilentMp3.say(text).forEach(call.exchange()::chunk);
        call.exchange().end();
    }
}
