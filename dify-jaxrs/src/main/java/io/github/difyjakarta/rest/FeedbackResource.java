package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.conversation.Messages;
import io.github.difyjakarta.client.conversation.Rating;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** What the caller thinks of an answer; that of others is never shown. */
@Path("{app}")
@InOwnApplication
public class FeedbackResource {
    /**
     * Rates an answer in place of an earlier rating, or takes that back by {@code "rating": null}: {@code POST
     * /messages/{message_id}/feedbacks}. Where Dify would refuse to take back what is not there, this is content.
     */
    @POST
    @Path("messages/{id: " + Ids.UUID + "}/feedbacks")
    @Produces("application/json")
    public void give(
            @BeanParam Entrance entrance,
            @PathParam("id") String id,
            InputStream entity,
            @Suspended AsyncResponse response)
            throws IOException {
        Visit visit = entrance.admitWithJson(EndpointGroup.FEEDBACK);
        Documents.success(entrance, response, rated(visit, id, Entrance.body(entity)));
    }

    private static CompletionStage<Void> rated(Visit visit, String id, JsonNode body) {
        Optional<String> content = JsonBody.text(body, "content");
        Messages messages = visit.client().messages();
        return JsonBody.text(body, "rating")
                .map(rating -> messages.rateAsync(visit.user(), id, rating(rating), content))
                .orElseGet(() -> messages.revokeRatingAsync(visit.user(), id));
    }

    private static Rating rating(String name) {
        return Arrays.stream(Rating.values())
                .filter(rating -> rating.wireName().equals(name))
                .findFirst()
                .orElseThrow(() -> JsonBody.invalid("rating", "Input should be 'like' or 'dislike'"));
    }
}
