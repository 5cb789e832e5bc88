package io.github.difyjakarta.rest;

import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.conversation.HistoryMessage;
import io.github.difyjakarta.client.event.HumanInputForm;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.relay.Ownership;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Questions and answers of a conversation of the caller's. */
@Path("{app}")
@InOwnApplication
public class MessagesResource {
    /**
     * The latest, oldest of them first, or those before {@code first_id}: {@code GET /messages}. As at Dify an empty {@code
     * conversation_id} has no messages, but one that is missing is a mistake.
     */
    @GET
    @Path("messages")
    @Produces("application/json")
    public void list(@BeanParam Entrance entrance, @Suspended AsyncResponse response) {
        Visit visit = entrance.admit(EndpointGroup.MESSAGES);
        ListQuery query = entrance.query();
        if (!query.has("conversation_id")) {
            throw JsonBody.invalid("conversation_id", "Field required");
        }
        CompletionStage<DifyJson> page = query.id("conversation_id")
                .map(conversation -> page(visit, conversation, query))
                .orElseGet(() -> CompletableFuture.completedFuture(empty(query.limit())));
        Documents.answer(entrance, response, page, json -> json);
    }

    /** The same by a path that Dify does not have, but tutorials do. */
    @GET
    @Path("conversations/{id: " + Ids.UUID + "}/messages")
    @Produces("application/json")
    public void ofConversation(
            @BeanParam Entrance entrance, @PathParam("id") String id, @Suspended AsyncResponse response) {
        Visit visit = entrance.admit(EndpointGroup.MESSAGES);
        Documents.answer(entrance, response, page(visit, id, entrance.query()), json -> json);
    }

    private static CompletionStage<DifyJson> page(Visit visit, String conversation, ListQuery query) {
        return visit.client()
                .messages()
                .listAsync(visit.user(), conversation, query.id("first_id"), query.limit())
                .thenApply(page -> shown(visit, page));
    }

    /** What a user sees in a history of their own is theirs, whatever was forgotten since it was made. */
    private static DifyJson shown(Visit visit, Page<HistoryMessage> page) {
        Ownership ownership = visit.clients().relays().ownership();
        for (HistoryMessage message : page.items()) {
            ownership.grant(visit.user(), Ownership.Kind.MESSAGE, message.id());
            message.files().forEach(file -> file.uploadFileId()
                    .ifPresent(id -> ownership.grant(visit.user(), Ownership.Kind.FILE, id)));
            message.formContents().forEach(asked -> asked.form()
                    .flatMap(HumanInputForm::token)
                    .ifPresent(token -> ownership.grant(visit.user(), Ownership.Kind.FORM, token)));
        }
        return visit.events().page(page.json());
    }

    private static DifyJson empty(int limit) {
        Map<String, Object> page = new LinkedHashMap<>();
        page.put("limit", limit);
        page.put("has_more", false);
        page.put("data", List.of());
        return DifyJson.of(page);
    }
}
