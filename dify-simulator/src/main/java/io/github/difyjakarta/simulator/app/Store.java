package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Everything the simulated app remembers, by user. Pure (time comes in), confined to one thread. */
final class Store {

    /** Above it the oldest conversation is forgotten: a simulator may run for weeks. */
    private static final int MAX_CONVERSATIONS = 10_000;

    /** One page of a list, and whether there is more behind it. */
    record Page<T>(List<T> rows, boolean hasMore) {}

    private final Map<String, Conversation> conversations = new LinkedHashMap<>();
    private final Map<String, Message> messages = new HashMap<>();

    Conversation create(String user, String name, JsonNode inputs, String introduction, Instant now) {
        Conversation conversation =
                new Conversation(UUID.randomUUID().toString(), user, name, inputs, introduction, now);
        conversations.put(conversation.id(), conversation);
        if (conversations.size() > MAX_CONVERSATIONS) {
            delete(conversations.values().iterator().next());
        }
        return conversation;
    }

    Message ask(Conversation conversation, String query, JsonNode inputs, Instant now) {
        List<Message> turns = conversation.messages();
        String parent = turns.isEmpty() ? "" : turns.get(turns.size() - 1).id();
        Message message = new Message(UUID.randomUUID().toString(), conversation, parent, inputs, query, now);
        conversation.add(message, now);
        messages.put(message.id(), message);
        return message;
    }

    /** Only the user's own. */
    Optional<Conversation> conversation(String id, String user) {
        return Optional.ofNullable(conversations.get(id))
                .filter(found -> found.user().equals(user));
    }

    /** Only the user's own. */
    Optional<Message> message(String id, String user) {
        return Optional.ofNullable(messages.get(id))
                .filter(found -> found.user().equals(user));
    }

    /** Whosever it is. */
    boolean hasMessage(String id) {
        return messages.containsKey(id);
    }

    /** What users thought of answers, latest first. */
    List<Message> rated() {
        return messages.values().stream()
                .filter(message -> message.feedback().isPresent())
                .sorted(Comparator.comparingLong((Message message) ->
                                message.feedback().orElseThrow().number())
                        .reversed())
                .toList();
    }

    void delete(Conversation conversation) {
        conversations.remove(conversation.id());
        conversation.messages().forEach(message -> messages.remove(message.id()));
    }

    /**
     * The user's conversations after the given one.
     *
     * @param lastId empty for the first page; otherwise one of the user's
     * @param sortBy {@code created_at} or {@code updated_at}, with a minus for newest first
     */
    Page<Conversation> conversations(String user, String lastId, int limit, String sortBy) {
        List<Conversation> own = new ArrayList<>(conversations.values());
        own.removeIf(conversation -> !conversation.user().equals(user));
        boolean newestFirst = sortBy.startsWith("-");
        if (newestFirst) {
            // Of equal seconds the later created one comes first: reversing before the stable sort does it.
            Collections.reverse(own);
        }
        Comparator<Conversation> order = Comparator.comparingLong(
                sortBy.endsWith("created_at") ? Conversation::createdAt : Conversation::updatedAt);
        own.sort(newestFirst ? order.reversed() : order);
        int from = 0;
        for (int i = 0; i < own.size(); i++) {
            if (own.get(i).id().equals(lastId)) {
                from = i + 1;
            }
        }
        int to = Math.min(own.size(), from + limit);
        return new Page<>(List.copyOf(own.subList(from, to)), to < own.size());
    }

    /**
     * The latest turns, oldest first.
     *
     * @param firstId only turns before this one; empty for the end of the conversation
     */
    static Page<Message> page(Conversation conversation, String firstId, int limit) {
        List<Message> turns = conversation.messages();
        int to = turns.size();
        for (int i = 0; i < turns.size(); i++) {
            if (turns.get(i).id().equals(firstId)) {
                to = i;
            }
        }
        int from = Math.max(0, to - limit);
        return new Page<>(List.copyOf(turns.subList(from, to)), from > 0);
    }
}
