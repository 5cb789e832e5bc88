package io.github.difyjakarta.client.chat;

import io.github.difyjakarta.client.call.Require;
import io.github.difyjakarta.client.file.InputFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a completion app is to complete: the body of {@code POST /completion-messages}. Immutable.
 *
 * @param user who asks; not blank
 * @param inputs values for the app's input form, JSON-like; see {@link ChatRequest}
 * @param query for apps whose form has none, or a variable {@code query}; may be empty
 * @param files that belong to it
 * @param extra further fields of the body, for what newer servers take; the fields above win
 */
public record CompletionRequest(
        String user,
        Map<String, @Nullable Object> inputs,
        String query,
        List<InputFile> files,
        Map<String, @Nullable Object> extra) {
    /**
     * @throws IllegalArgumentException naming what is missing
     */
    public CompletionRequest {
        Require.text("user", user);
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        files = List.copyOf(files);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** With values for the app's form. */
    public static CompletionRequest of(String user, Map<String, ? extends @Nullable Object> inputs) {
        return new CompletionRequest(user, new LinkedHashMap<>(inputs), "", List.of(), Map.of());
    }

    /** The same with a query. */
    public CompletionRequest withQuery(String text) {
        return new CompletionRequest(user, inputs, text, files, extra);
    }

    /** The same with one more file. */
    public CompletionRequest withFile(InputFile file) {
        List<InputFile> more = new ArrayList<>(files);
        more.add(file);
        return new CompletionRequest(user, inputs, query, more, extra);
    }

    /** The same with one more field that is not modelled here. */
    public CompletionRequest withExtra(String field, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(extra);
        more.put(field, value);
        return new CompletionRequest(user, inputs, query, files, more);
    }

    Map<String, @Nullable Object> toBody(String responseMode) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>(extra);
        body.put("inputs", inputs);
        if (!query.isEmpty()) {
            body.put("query", query);
        }
        body.put("response_mode", responseMode);
        body.put("user", user);
        if (!files.isEmpty()) {
            body.put("files", files.stream().map(InputFile::toMap).toList());
        }
        return body;
    }

    /** Nothing of what a user wrote. */
    @Override
    public String toString() {
        return "CompletionRequest[" + inputs.size() + " inputs]";
    }
}
