package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.call.Paging;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import io.github.difyjakarta.client.error.DifyApiException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Questions and answers of a user's conversations, and what the user thinks of them. Thread-safe. */
public final class Messages {
    private final Calls calls;

    /** Messages of an app. */
    public Messages(Calls calls) {
        this.calls = calls;
    }

    // ---- history

    /** All of a conversation, newest first, asked for page by page as the stream is read. */
    public Stream<HistoryMessage> newestFirst(String user, String conversationId) {
        Require.text("user", user);
        Require.uuid("conversationId", conversationId);
        return Paging.byCursor(last -> Calls.await(Calls.map(
                listAsync(user, conversationId, last.map(HistoryMessage::id), Paging.LARGEST_PAGE),
                Messages::reversed)));
    }

    /** All of a conversation, oldest first, once it is wholly there; asks for all its pages, and waits. */
    public List<HistoryMessage> history(String user, String conversationId) {
        return Calls.await(historyAsync(user, conversationId));
    }

    /** The same without waiting. */
    public CompletableFuture<List<HistoryMessage>> historyAsync(String user, String conversationId) {
        CompletableFuture<List<HistoryMessage>> backwards = Paging.all(first -> Calls.map(
                listAsync(user, conversationId, first.map(HistoryMessage::id), Paging.LARGEST_PAGE),
                Messages::reversed));
        return Calls.map(backwards, Messages::reversed);
    }

    private static Page<HistoryMessage> reversed(Page<HistoryMessage> page) {
        return new Page<>(reversed(page.items()), page.hasMore(), page.limit(), page.total(), page.json());
    }

    private static List<HistoryMessage> reversed(List<HistoryMessage> messages) {
        List<HistoryMessage> reversed = new ArrayList<>(messages);
        Collections.reverse(reversed);
        return Collections.unmodifiableList(reversed);
    }

    /** The latest messages of a conversation, oldest of them first: {@code GET /messages}, and waits. */
    public Page<HistoryMessage> list(String user, String conversationId, int limit) {
        return Calls.await(listAsync(user, conversationId, Optional.empty(), limit));
    }

    /**
     * A page of the past: {@code GET /messages}. Pages go backwards, the messages of one forwards; those of one second may
     * come in any order.
     *
     * @param firstId of the page that follows; empty for the latest
     * @param limit 1 to 100
     */
    public CompletableFuture<Page<HistoryMessage>> listAsync(
            String user, String conversationId, Optional<String> firstId, int limit) {
        return calls.send(
                Request.get("/messages")
                        .query("conversation_id", Require.uuid("conversationId", conversationId))
                        .query("user", Require.text("user", user))
                        .query("first_id", firstId)
                        .query("limit", Require.limit(limit)),
                json -> Page.of(json, HistoryMessage::new));
    }

    // ---- what users think

    /** Rates an answer, in place of an earlier rating: {@code POST /messages/{message_id}/feedbacks}, and waits. */
    public void rate(String user, String messageId, Rating rating) {
        Calls.await(rateAsync(user, messageId, rating, Optional.empty()));
    }

    /** The same with a word about why. */
    public void rate(String user, String messageId, Rating rating, String content) {
        Calls.await(rateAsync(user, messageId, rating, Optional.of(content)));
    }

    /** The same without waiting. */
    public CompletableFuture<Void> rateAsync(String user, String messageId, Rating rating, Optional<String> content) {
        return feedback(user, messageId, rating.wireName(), content);
    }

    /**
     * Takes a rating back, and waits. Where there is none, that is all right: the 400 {@code invalid_param} with which Dify
     * answers then is the only one it has for a request that is well-formed, as this one always is.
     */
    public void revokeRating(String user, String messageId) {
        Calls.await(revokeRatingAsync(user, messageId));
    }

    /** The same without waiting. */
    public CompletableFuture<Void> revokeRatingAsync(String user, String messageId) {
        return recovered(feedback(user, messageId, null, Optional.empty()), Messages::nothingToRevoke, null);
    }

    private static boolean nothingToRevoke(DifyApiException refusal) {
        return refusal.status() == 400 && refusal.code().equals("invalid_param");
    }

    private CompletableFuture<Void> feedback(
            String user, String messageId, @Nullable String rating, Optional<String> content) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("rating", rating);
        body.put("user", Require.text("user", user));
        content.ifPresent(text -> body.put("content", text));
        return calls.sendOnly(Request.post("/messages/{}/feedbacks", Require.uuid("messageId", messageId))
                .json(body)
                .asRepeatable());
    }

    // ---- what to ask next

    /**
     * Questions that would follow well: {@code GET /messages/{message_id}/suggested}, and waits, which may take seconds: a
     * model makes them up, each time anew.
     */
    public SuggestedQuestions suggested(String user, String messageId) {
        return Calls.await(suggestedAsync(user, messageId));
    }

    /** The same without waiting. */
    public CompletableFuture<SuggestedQuestions> suggestedAsync(String user, String messageId) {
        CompletableFuture<SuggestedQuestions> asked = calls.send(
                Request.get("/messages/{}/suggested", Require.uuid("messageId", messageId))
                        .query("user", Require.text("user", user))
                        .within(calls.timeouts().blockingComplex())
                        .once(),
                SuggestedQuestions::of);
        return recovered(asked, Messages::disabled, SuggestedQuestions.DISABLED);
    }

    private static boolean disabled(DifyApiException refusal) {
        return refusal.status() == 400 && refusal.code().equals("bad_request");
    }

    private static <T> CompletableFuture<T> recovered(
            CompletableFuture<T> call, Predicate<DifyApiException> harmless, @Nullable T instead) {
        return Calls.recover(call, cause -> {
            if (cause instanceof DifyApiException refusal && harmless.test(refusal)) {
                return instead;
            }
            throw cause instanceof RuntimeException known ? known : new IllegalStateException(cause);
        });
    }
}
