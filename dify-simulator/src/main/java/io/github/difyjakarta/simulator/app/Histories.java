package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.Reply;
import java.time.Instant;
import java.util.List;

/** Conversations, their messages and what users think of them. Confined to the event loop. */
final class Histories {

    private static final List<String> SORTS = List.of("created_at", "-created_at", "updated_at", "-updated_at");

    private final Settings settings;
    private final Store store;

    Histories(Settings settings, Store store) {
        this.settings = settings;
        this.store = store;
    }

    void conversations(Call call) {
        String user = call.userOfQuery();
        Modes.requireChat(settings);
        Validation fields = Validation.ofQuery("ConversationListQuery", call.query());
        String lastId = fields.uuid("last_id", false, "must be a valid UUID");
        int limit = fields.limit();
        String sortBy = fields.choice("sort_by", SORTS, "'created_at', '-created_at', 'updated_at' or '-updated_at'");
        fields.check();
        if (!lastId.isEmpty() && store.conversation(lastId, user).isEmpty()) {
            throw Refusal.notFound(
                    "Last Conversation Not Exists. You have requested this URI [/v1/conversations] but did"
                            + " you mean /v1/conversations or /v1/conversations/<uuid:c_id>/variables/<uuid:variable_id> or"
                            + " /api/conversations ?");
        }
        Store.Page<Conversation> page =
                store.conversations(user, lastId, limit, sortBy.isEmpty() ? "-updated_at" : sortBy);
        call.reply(page(
                limit,
                page.hasMore(),
                page.rows().stream().map(Conversation::json).toList()));
    }

    void messages(Call call) {
        String user = call.userOfQuery();
        Modes.requireChat(settings);
        Validation fields = Validation.ofQuery("MessageListQuery", call.query());
        String conversationId = fields.uuid("conversation_id", true, "must be a valid UUID");
        String firstId = fields.uuid("first_id", false, "must be a valid UUID");
        int limit = fields.limit();
        fields.check();
        if (conversationId.isEmpty()) {
            call.reply(page(limit, false, List.of()));
            return;
        }
        Conversation conversation = store.conversation(conversationId, user)
                .orElseThrow(() -> Refusal.notFound("Conversation Not Exists." + hint()));
        if (!firstId.isEmpty() && store.message(firstId, user).isEmpty()) {
            throw Refusal.notFound("First Message Not Exists." + hint());
        }
        Store.Page<Message> page = Store.page(conversation, firstId, limit);
        Dialect dialect = new Dialect(settings.version());
        call.reply(page(
                limit,
                page.hasMore(),
                page.rows().stream()
                        .map(message -> dialect.message(message.json()))
                        .toList()));
    }

    void rename(Call call) {
        String user = call.userOfBody();
        Modes.requireChat(settings);
        Validation fields = new Validation("ConversationRenamePayload", call.body());
        String name = fields.text("name", false).strip();
        boolean generate = call.body().path("auto_generate").asBoolean(false);
        if (!generate && name.isEmpty()) {
            fields.wrongTogether("name is required when auto_generate is false");
        }
        fields.check();
        Conversation conversation = own(call, user);
        List<Message> turns = conversation.messages();
        conversation.rename(generate ? OrderDesk.title(turns.get(0).query()) : name, Instant.now());
        call.reply(conversation.json());
    }

    void delete(Call call) {
        String user = call.userOfBody();
        Modes.requireChat(settings);
        store.delete(own(call, user));
        if (settings.version().isFrom(1, 3, 1)) {
            call.exchange().reply(Reply.noContent());
        } else {
            call.success();
        }
    }

    void suggested(Call call) {
        Message message = message(call, call.requiredUserOfQuery());
        Modes.requireChat(settings);
        if (!settings.suggestions()) {
            throw Refusal.of(400, "bad_request", "Suggested Questions Is Disabled.");
        }
        ObjectNode body = Json.object().put("result", "success");
        ArrayNode data = body.putArray("data");
        OrderDesk.SUGGESTED.stream()
                .filter(question -> !question.equals(message.query()))
                .forEach(data::add);
        call.reply(body);
    }

    private Conversation own(Call call, String user) {
        return store.conversation(call.variable(), user)
                .orElseThrow(() -> Refusal.notFound("Conversation Not Exists."));
    }

    private Message message(Call call, String user) {
        return store.message(call.variable(), user).orElseThrow(() -> Refusal.notFound("Message Not Exists."));
    }

    private static String hint() {
        return " You have requested this URI [/v1/messages] but did you mean /v1/messages or /v1/chat-messages or"
                + " /api/messages ?";
    }

    private static ObjectNode page(int limit, boolean hasMore, List<ObjectNode> rows) {
        ObjectNode page = Json.object().put("limit", limit).put("has_more", hasMore);
        page.putArray("data").addAll(rows);
        return page;
    }
}
