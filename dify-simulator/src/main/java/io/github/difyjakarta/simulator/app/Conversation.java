package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A conversation and its turns, oldest first. Confined to the event loop. */
final class Conversation {

    private final String id;
    private final String user;
    private final JsonNode inputs;
    private final String introduction;
    private final long createdAt;
    private final List<Message> messages = new ArrayList<>();
    private final List<Variable> variables;
    private String name;
    private long updatedAt;

    Conversation(String id, String user, String name, JsonNode inputs, String introduction, Instant now) {
        this.id = id;
        this.user = user;
        this.name = name;
        this.inputs = inputs;
        this.introduction = introduction;
        this.createdAt = now.getEpochSecond();
        this.updatedAt = createdAt;
        this.variables = Variable.initial(now);
    }

    String id() {
        return id;
    }

    String user() {
        return user;
    }

    List<Message> messages() {
        return messages;
    }

    /** For chatflows alone. */
    List<Variable> variables() {
        return variables;
    }

    long createdAt() {
        return createdAt;
    }

    long updatedAt() {
        return updatedAt;
    }

    void add(Message message, Instant now) {
        messages.add(message);
        updatedAt = now.getEpochSecond();
    }

    void rename(String newName, Instant now) {
        name = newName;
        updatedAt = now.getEpochSecond();
    }

    ObjectNode json() {
        ObjectNode json = Json.object().put("id", id).put("name", name);
        json.set("inputs", inputs);
        return json.put("status", "normal")
                .put("introduction", introduction)
                .put("created_at", createdAt)
                .put("updated_at", updatedAt);
    }
}
