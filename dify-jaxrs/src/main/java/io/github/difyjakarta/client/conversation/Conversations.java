package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.call.Paging;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The conversations of a user; those of others do not exist for them: Dify answers 404 {@code not_found}. For chat, agent and
 * chatflow apps. Thread-safe.
 */
public final class Conversations {
    private static final String VARIABLES = "/conversations/{}/variables";

    private final Calls calls;

    /** Conversations of an app. */
    public Conversations(Calls calls) {
        this.calls = calls;
    }

    // ---- lists

    /** All of them, latest touched first, asked for page by page as the stream is read. */
    public Stream<Conversation> all(String user) {
        return all(user, ConversationOrder.LATEST_TOUCHED_FIRST);
    }

    /** All of them, asked for page by page as the stream is read. */
    public Stream<Conversation> all(String user, ConversationOrder order) {
        Require.text("user", user);
        return Paging.byCursor(last -> Calls.await(page(user, order, last.map(Conversation::id), Paging.LARGEST_PAGE)));
    }

    /** The first page, latest touched first: {@code GET /conversations}, and waits. */
    public Page<Conversation> list(String user, int limit) {
        return Calls.await(listAsync(user, ConversationOrder.LATEST_TOUCHED_FIRST, Optional.empty(), limit));
    }

    /**
     * A page: {@code GET /conversations}.
     *
     * @param lastId of the page before; its conversation must still be there
     * @param limit 1 to 100
     */
    public CompletableFuture<Page<Conversation>> listAsync(
            String user, ConversationOrder order, Optional<String> lastId, int limit) {
        return page(Require.text("user", user), order, lastId, Require.limit(limit));
    }

    private CompletableFuture<Page<Conversation>> page(
            String user, ConversationOrder order, Optional<String> lastId, int limit) {
        return calls.send(
                Request.get("/conversations")
                        .query("user", user)
                        .query("last_id", lastId)
                        .query("limit", limit)
                        .query("sort_by", order.wireName()),
                json -> Page.of(json, Conversation::new));
    }

    // ---- one

    /** Gives it a name: {@code POST /conversations/{conversation_id}/name}, and waits. */
    public Conversation rename(String user, String conversationId, String name) {
        return Calls.await(renameAsync(user, conversationId, name));
    }

    /** The same without waiting. */
    public CompletableFuture<Conversation> renameAsync(String user, String conversationId, String name) {
        return name(user, conversationId, Map.of("name", Require.text("name", name), "user", user));
    }

    /** Has a model make up a name: the same endpoint with {@code auto_generate}, and waits, which may take seconds. */
    public Conversation nameAutomatically(String user, String conversationId) {
        return Calls.await(nameAutomaticallyAsync(user, conversationId));
    }

    /** The same without waiting. */
    public CompletableFuture<Conversation> nameAutomaticallyAsync(String user, String conversationId) {
        return name(user, conversationId, Map.of("auto_generate", true, "user", user));
    }

    private CompletableFuture<Conversation> name(String user, String conversationId, Map<String, Object> body) {
        Require.text("user", user);
        return calls.send(
                Request.post("/conversations/{}/name", Require.uuid("conversationId", conversationId))
                        .json(body),
                Conversation::new);
    }

    /** Deletes it: {@code DELETE /conversations/{conversation_id}}, and waits. */
    public void delete(String user, String conversationId) {
        Calls.await(deleteAsync(user, conversationId));
    }

    /** The same without waiting. */
    public CompletableFuture<Void> deleteAsync(String user, String conversationId) {
        Require.text("user", user);
        return calls.sendOnly(Request.delete("/conversations/{}", Require.uuid("conversationId", conversationId))
                .json(Map.of("user", user)));
    }

    // ---- variables of chatflows

    /** All variables, asked for page by page as the stream is read; since Dify 1.3.1. */
    public Stream<ConversationVariable> variables(String user, String conversationId) {
        Require.text("user", user);
        Require.uuid("conversationId", conversationId);
        return Paging.byCursor(last -> Calls.await(
                listVariablesAsync(user, conversationId, last.map(ConversationVariable::id), Paging.LARGEST_PAGE)));
    }

    /**
     * The variable of that name, and waits. Looked for here, among all: Dify's own filter fails on PostgreSQL.
     *
     * @return empty where there is none
     */
    public Optional<ConversationVariable> variable(String user, String conversationId, String name) {
        return Calls.await(variableAsync(user, conversationId, name));
    }

    /** The same without waiting. */
    public CompletableFuture<Optional<ConversationVariable>> variableAsync(
            String user, String conversationId, String name) {
        CompletableFuture<List<ConversationVariable>> all = Paging.all(last ->
                listVariablesAsync(user, conversationId, last.map(ConversationVariable::id), Paging.LARGEST_PAGE));
        return Calls.map(all, variables -> variables.stream()
                .filter(variable -> variable.name().equals(name))
                .findFirst());
    }

    /**
     * A page of variables: {@code GET /conversations/{conversation_id}/variables}, since Dify 1.3.1.
     *
     * @param lastId of the page before
     * @param limit 1 to 100
     */
    public CompletableFuture<Page<ConversationVariable>> listVariablesAsync(
            String user, String conversationId, Optional<String> lastId, int limit) {
        return calls.send(
                Request.get(VARIABLES, Require.uuid("conversationId", conversationId))
                        .query("user", Require.text("user", user))
                        .query("last_id", lastId)
                        .query("limit", Require.limit(limit))
                        .since("1.3.1"),
                json -> Page.of(json, ConversationVariable::new));
    }

    /**
     * Sets a variable: {@code PUT /conversations/{conversation_id}/variables/{variable_id}}, since Dify 1.7.2, and waits.
     *
     * @param value of the variable's type: text, number, boolean, list, map or null; another type is refused
     */
    public ConversationVariable updateVariable(
            String user, String conversationId, String variableId, @Nullable Object value) {
        return Calls.await(updateVariableAsync(user, conversationId, variableId, value));
    }

    /** The same without waiting. */
    public CompletableFuture<ConversationVariable> updateVariableAsync(
            String user, String conversationId, String variableId, @Nullable Object value) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("value", value);
        body.put("user", Require.text("user", user));
        return calls.send(
                Request.put(
                                VARIABLES + "/{}",
                                Require.uuid("conversationId", conversationId),
                                Require.uuid("variableId", variableId))
                        .json(body)
                        .since("1.7.2"),
                ConversationVariable::new);
    }
}
