package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.audio.SpeechRequest;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.relay.Ownership;
import io.github.difyjakarta.relay.RelayError;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;

/** Speech to text and back. */
@Path("{app}")
@InOwnApplication
public class AudioResource {
    /** What is said in a recording: {@code POST /audio-to-text}, a form with the part {@code file}. */
    @POST
    @Path("audio-to-text")
    @Produces("application/json")
    public void listen(@BeanParam Entrance entrance, @Suspended AsyncResponse response) throws IOException {
        Visit visit = entrance.admit(EndpointGroup.AUDIO);
        Uploading.pass(
                entrance,
                response,
                visit,
                (file, upload) -> visit.client().audio().transcribeAsync(visit.user(), upload),
                text -> Reply.document(DifyJson.write(Map.of("text", text))));
    }

    /**
     * Says a text, or the answer of a message of the caller's: {@code POST /text-to-audio}. Where Dify answers with an empty
     * success, this is 404 {@code not_found}.
     */
    @POST
    @Path("text-to-audio")
    @Produces("*/*")
    public void speak(@BeanParam Entrance entrance, InputStream entity, @Suspended AsyncResponse response)
            throws IOException {
        Visit visit = entrance.admitWithJson(EndpointGroup.AUDIO);
        JsonNode body = Entrance.body(entity);
        Optional<String> message = JsonBody.text(body, "message_id").filter(id -> !id.isBlank());
        Optional<String> text = JsonBody.text(body, "text").filter(words -> !words.isBlank());
        Optional<String> voice = JsonBody.text(body, "voice").filter(name -> !name.isBlank());
        if (message.isEmpty() && text.isEmpty()) {
            throw JsonBody.invalid("Text is required");
        }
        message.ifPresent(id -> requireOwn(visit, id));
        SpeechRequest request = new SpeechRequest(visit.user(), text, message, voice, Optional.empty());
        FileOutlet.answer(
                entrance,
                response,
                visit,
                taker -> visit.client().audio().speakAsync(request, taker),
                FileHead::ofSpeech);
    }

    /** Dify says anybody's message to everybody. */
    private static void requireOwn(Visit visit, String message) {
        boolean own = Ids.isId(message)
                && visit.clients().relays().ownership().isOwner(visit.user(), Ownership.Kind.MESSAGE, message);
        if (!own) {
            throw new Problem(RelayError.of(404, "not_found", "Message Not Exists."));
        }
    }
}
