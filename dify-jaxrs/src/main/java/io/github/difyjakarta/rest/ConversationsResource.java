package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.conversation.Conversation;
import io.github.difyjakarta.client.conversation.Conversations;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;

/** The caller's own conversations; those of others do not exist, as Dify has it. */
@Path("{app}")
@InOwnApplication
public class ConversationsResource {
    /** The latest touched first, or by {@code sort_by}: {@code GET /conversations}. */
    @GET
    @Path("conversations")
    @Produces("application/json")
    public void list(@BeanParam Entrance entrance, @Suspended AsyncResponse response) {
        Visit visit = entrance.admit(EndpointGroup.CONVERSATIONS);
        ListQuery query = entrance.query();
        Documents.answer(
                entrance,
                response,
                visit.client()
                        .conversations()
                        .listAsync(visit.user(), query.order(), query.id("last_id"), query.limit()),
                Page::json);
    }

    /** Gives one a name, or has a model make one up: {@code POST /conversations/{conversation_id}/name}. */
    @POST
    @Path("conversations/{id: " + Ids.UUID + "}/name")
    @Produces("application/json")
    public void rename(
            @BeanParam Entrance entrance,
            @PathParam("id") String id,
            InputStream entity,
            @Suspended AsyncResponse response)
            throws IOException {
        Visit visit = entrance.admitWithJson(EndpointGroup.CONVERSATIONS);
        Documents.answer(entrance, response, renamed(visit, id, Entrance.body(entity)), Conversation::json);
    }

    private static CompletionStage<Conversation> renamed(Visit visit, String id, JsonNode body) {
        Conversations conversations = visit.client().conversations();
        if (body.path("auto_generate").asBoolean(false)) {
            return conversations.nameAutomaticallyAsync(visit.user(), id);
        }
        String name = JsonBody.text(body, "name")
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> JsonBody.invalid("Value error, name is required when auto_generate is false"));
        return conversations.renameAsync(visit.user(), id, name);
    }

    /** Deletes one: {@code DELETE /conversations/{conversation_id}}. Needs no body here, and reads none. */
    @DELETE
    @Path("conversations/{id: " + Ids.UUID + "}")
    @Produces("application/json")
    public void delete(@BeanParam Entrance entrance, @PathParam("id") String id, @Suspended AsyncResponse response) {
        Visit visit = entrance.admit(EndpointGroup.CONVERSATIONS);
        Documents.noContent(entrance, response, visit.client().conversations().deleteAsync(visit.user(), id));
    }
}
