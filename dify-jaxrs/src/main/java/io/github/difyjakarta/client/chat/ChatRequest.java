package io.github.difyjakarta.client.chat;

import io.github.difyjakarta.client.call.Require;
import io.github.difyjakarta.client.file.InputFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question to a chat, agent or chatflow app: the body of {@code POST /chat-messages}. Immutable.
 *
 * @param user who asks; part of the conversation's identity at Dify. Not blank
 * @param query the question; not empty
 * @param conversationId to go on with, a UUID; empty begins a new one
 * @param inputs values for the app's input form, JSON-like: texts, numbers, booleans, null, lists, maps, and files as {@link
 *     InputFile#toMap}. Dify wants the required ones in every question
 * @param files that belong to the question
 * @param autoGenerateName whether Dify makes up a name for a new conversation; its default is yes
 * @param workflowId the version of a chatflow, since Dify 1.7.2; default is the published one
 * @param extra further fields of the body, for what newer servers take; the fields above win
 */
public record ChatRequest(
        String user,
        String query,
        Optional<String> conversationId,
        Map<String, @Nullable Object> inputs,
        List<InputFile> files,
        Optional<Boolean> autoGenerateName,
        Optional<String> workflowId,
        Map<String, @Nullable Object> extra) {
    /**
     * @throws IllegalArgumentException naming what is missing or malformed
     */
    public ChatRequest {
        Require.text("user", user);
        Require.check(!query.isEmpty(), "query must not be empty");
        conversationId.ifPresent(id -> Require.uuid("conversationId", id));
        workflowId.ifPresent(id -> Require.uuid("workflowId", id));
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        files = List.copyOf(files);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** A first question without inputs. */
    public static ChatRequest of(String user, String query) {
        return new ChatRequest(
                user, query, Optional.empty(), Map.of(), List.of(), Optional.empty(), Optional.empty(), Map.of());
    }

    /** The same question in a conversation that exists. */
    public ChatRequest inConversation(String id) {
        return new ChatRequest(user, query, Optional.of(id), inputs, files, autoGenerateName, workflowId, extra);
    }

    /** The same question with inputs. */
    public ChatRequest withInputs(Map<String, ? extends @Nullable Object> values) {
        return new ChatRequest(
                user, query, conversationId, new LinkedHashMap<>(values), files, autoGenerateName, workflowId, extra);
    }

    /** The same question with one more input. */
    public ChatRequest withInput(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(inputs);
        more.put(name, value);
        return withInputs(more);
    }

    /** The same question with one more file. */
    public ChatRequest withFile(InputFile file) {
        List<InputFile> more = new ArrayList<>(files);
        more.add(file);
        return new ChatRequest(user, query, conversationId, inputs, more, autoGenerateName, workflowId, extra);
    }

    /** The same question, whose new conversation keeps the question's first words as its name. */
    public ChatRequest withoutAutomaticName() {
        return new ChatRequest(user, query, conversationId, inputs, files, Optional.of(false), workflowId, extra);
    }

    /** The same question to a certain version of a chatflow. */
    public ChatRequest toVersion(String id) {
        return new ChatRequest(user, query, conversationId, inputs, files, autoGenerateName, Optional.of(id), extra);
    }

    /** The same question with one more field that is not modelled here. */
    public ChatRequest withExtra(String field, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(extra);
        more.put(field, value);
        return new ChatRequest(user, query, conversationId, inputs, files, autoGenerateName, workflowId, more);
    }

    Map<String, @Nullable Object> toBody(String responseMode) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>(extra);
        body.put("query", query);
        body.put("inputs", inputs);
        body.put("response_mode", responseMode);
        body.put("user", user);
        body.put("conversation_id", conversationId.orElse("")); // as Dify's own examples begin a new one
        if (!files.isEmpty()) {
            body.put("files", files.stream().map(InputFile::toMap).toList());
        }
        autoGenerateName.ifPresent(wanted -> body.put("auto_generate_name", wanted));
        workflowId.ifPresent(id -> body.put("workflow_id", id));
        return body;
    }

    /** Size only: what a user asks belongs in no log. */
    @Override
    public String toString() {
        return "ChatRequest[" + query.length() + " characters]";
    }
}
