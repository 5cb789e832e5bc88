package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.conversation.SuggestedQuestions;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.relay.RelayError;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the caller may want to ask next. */
@Path("{app}")
@InOwnApplication
public class SuggestedResource {
    /**
     * Questions that would follow an answer well: {@code GET /messages/{message_id}/suggested}. A model makes them up, which
     * takes seconds. 400 {@code bad_request} where the app has this switched off.
     */
    @GET
    @Path("messages/{id: " + Ids.UUID + "}/suggested")
    @Produces("application/json")
    public void list(@BeanParam Entrance entrance, @PathParam("id") String id, @Suspended AsyncResponse response) {
        Visit visit = entrance.admit(EndpointGroup.SUGGESTED);
        Documents.reply(
                entrance,
                response,
                visit.client().messages().suggestedAsync(visit.user(), id),
                SuggestedResource::reply);
    }

    private static Reply reply(SuggestedQuestions suggested) {
        if (!suggested.enabled()) {
            return Reply.problem(RelayError.of(400, "bad_request", "Suggested Questions Is Disabled."));
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("result", "success");
        answer.put("data", suggested.questions());
        return Reply.document(DifyJson.of(answer).json());
    }
}
