package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.conversation.ConversationVariable;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.io.IOException;
import java.io.InputStream;

/** What a chatflow remembers in a conversation of the caller's. */
@Path("{app}")
@InOwnApplication
public class VariablesResource {
    private static final String VARIABLES = "conversations/{id: " + Ids.UUID + "}/variables";

    /**
     * All of them: {@code GET /conversations/{conversation_id}/variables}. Dify's filter {@code variable_name}, which fails on
     * PostgreSQL, is refused: without it the list would pass for what was asked for.
     */
    @GET
    @Path(VARIABLES)
    @Produces("application/json")
    public void list(@BeanParam Entrance entrance, @PathParam("id") String id, @Suspended AsyncResponse response) {
        Visit visit = entrance.admit(EndpointGroup.VARIABLES);
        ListQuery query = entrance.query();
        if (query.parameter("variable_name").isPresent()) {
            throw JsonBody.invalid("variable_name", "the list cannot be filtered");
        }
        Documents.answer(
                entrance,
                response,
                visit.client().conversations().listVariablesAsync(visit.user(), id, query.id("last_id"), query.limit()),
                Page::json);
    }

    /** Sets one to a value of its type: {@code PUT /conversations/{conversation_id}/variables/{variable_id}}. */
    @PUT
    @Path(VARIABLES + "/{variable: " + Ids.UUID + "}")
    @Produces("application/json")
    public void update(
            @BeanParam Entrance entrance,
            @PathParam("id") String id,
            @PathParam("variable") String variable,
            InputStream entity,
            @Suspended AsyncResponse response)
            throws IOException {
        Visit visit = entrance.admitWithJson(EndpointGroup.VARIABLES);
        JsonNode value = Entrance.body(entity).path("value");
        if (value.isMissingNode()) {
            throw JsonBody.invalid("value", "Field required");
        }
        Documents.answer(
                entrance,
                response,
                visit.client().conversations().updateVariableAsync(visit.user(), id, variable, JsonBody.plain(value)),
                ConversationVariable::json);
    }
}
