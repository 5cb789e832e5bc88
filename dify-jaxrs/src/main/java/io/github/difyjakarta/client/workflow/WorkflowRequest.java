package io.github.difyjakarta.client.workflow;

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
 * What a workflow is to work on: the body of {@code POST /workflows/run}. Immutable.
 *
 * @param user for whom it runs; not blank
 * @param inputs values for the workflow's start, JSON-like: texts, numbers, booleans, null, lists, maps, and files as {@link
 *     InputFile#toMap}
 * @param files for {@code sys.files}; those of a variable are in the inputs
 * @param version of the workflow to run, a UUID, since Dify 1.7.2; default is the published one
 * @param extra further fields of the body, for what newer servers take; the fields above win
 */
public record WorkflowRequest(
        String user,
        Map<String, @Nullable Object> inputs,
        List<InputFile> files,
        Optional<String> version,
        Map<String, @Nullable Object> extra) {
    /**
     * @throws IllegalArgumentException naming what is missing or malformed
     */
    public WorkflowRequest {
        Require.text("user", user);
        version.ifPresent(id -> Require.uuid("version", id));
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        files = List.copyOf(files);
        extra = Collections.unmodifiableMap(new LinkedHashMap<>(extra));
    }

    /** With values for its start. */
    public static WorkflowRequest of(String user, Map<String, ? extends @Nullable Object> inputs) {
        return new WorkflowRequest(user, new LinkedHashMap<>(inputs), List.of(), Optional.empty(), Map.of());
    }

    /** The same with one more input. */
    public WorkflowRequest withInput(String name, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(inputs);
        more.put(name, value);
        return new WorkflowRequest(user, more, files, version, extra);
    }

    /** The same with a file, or several, as an input. */
    public WorkflowRequest withFileInput(String name, InputFile... values) {
        List<Map<String, Object>> maps = new ArrayList<>();
        for (InputFile value : values) {
            maps.add(value.toMap());
        }
        return withInput(name, maps.size() == 1 ? maps.get(0) : maps);
    }

    /** The same with one more file for {@code sys.files}. */
    public WorkflowRequest withFile(InputFile file) {
        List<InputFile> more = new ArrayList<>(files);
        more.add(file);
        return new WorkflowRequest(user, inputs, more, version, extra);
    }

    /** The same for a certain version. */
    public WorkflowRequest toVersion(String id) {
        return new WorkflowRequest(user, inputs, files, Optional.of(id), extra);
    }

    /** The same with one more field that is not modelled here. */
    public WorkflowRequest withExtra(String field, @Nullable Object value) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(extra);
        more.put(field, value);
        return new WorkflowRequest(user, inputs, files, version, more);
    }

    Map<String, @Nullable Object> toBody(String responseMode) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>(extra);
        body.put("inputs", inputs);
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
        return "WorkflowRequest[" + inputs.size() + " inputs]";
    }
}
