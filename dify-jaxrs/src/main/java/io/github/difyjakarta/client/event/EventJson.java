package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.json.MalformedJsonException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON of an event to its type; that of the events of runs is in {@link RunJson}. */
final class EventJson {
    private static final PlainJson.Place ANSWER = PlainJson.Place.of("answer");
    private static final PlainJson.Place CHUNK = PlainJson.Place.in("data", "text");

    private EventJson() {}

    /**
     * @throws MalformedEventException when the JSON is not well-formed, or nested deeper than any sane answer
     */
    static DifyEvent read(DifyFrame frame) {
        DifyEvent piece = piece(frame);
        return piece == null ? readTree(frame) : piece;
    }

    /** The events that a stream has most of, where their text can be had without parsing all of them. */
    private static @Nullable DifyEvent piece(DifyFrame frame) {
        switch (frame.name()) {
            case "message" -> {
                String text = frame.text(ANSWER);
                return text == null ? null : new DifyEvent.Message(frame, text);
            }
            case "agent_message" -> {
                String text = frame.text(ANSWER);
                return text == null ? null : new DifyEvent.AgentMessage(frame, text);
            }
            case "text_chunk" -> {
                String text = frame.text(CHUNK);
                return text == null ? null : new WorkflowEvent.TextChunk(frame, text);
            }
            default -> {
                return null;
            }
        }
    }

    private static DifyEvent readTree(DifyFrame frame) {
        DifyJson root;
        try {
            root = DifyJson.parse(frame.jsonBytes());
        } catch (MalformedJsonException e) {
            throw new MalformedEventException("the event " + frame.name() + " cannot be read", e);
        }
        DifyEvent event = answer(frame, root);
        if (event == null) {
            event = RunJson.read(frame, root);
        }
        return event == null ? new DifyEvent.Other(frame) : event;
    }

    private static @Nullable DifyEvent answer(DifyFrame frame, DifyJson root) {
        return switch (frame.name()) {
            case "message" -> new DifyEvent.Message(frame, root.text("answer"));
            case "agent_message" -> new DifyEvent.AgentMessage(frame, root.text("answer"));
            case "message_replace" -> new DifyEvent.MessageReplace(frame, root.text("answer"), root.text("reason"));
            case "message_file" -> messageFile(frame, root);
            case "agent_thought" -> agentThought(frame, root);
            case "message_end" ->
                new DifyEvent.MessageEnd(
                        frame,
                        root.text("id"),
                        new AnswerMetadata(root.object("metadata")),
                        DifyFile.all(root, "files"));
            case "tts_message" -> new DifyEvent.Speech(frame, root.text("audio"), false);
            case "tts_message_end" -> new DifyEvent.Speech(frame, root.text("audio"), true);
            case "error" ->
                new DifyEvent.Failure(frame, (int) root.number("status"), root.text("code"), root.text("message"));
            case "datasource_processing" ->
                new DatasourceEvent.Processing(frame, root.optionalNumber("total"), root.optionalNumber("completed"));
            case "datasource_completed" ->
                new DatasourceEvent.Completed(
                        frame,
                        root.optionalObject("data").map(List::of).orElseGet(() -> root.objects("data")),
                        root.optionalNumber("total"),
                        root.optionalNumber("completed"),
                        root.real("time_consuming"));
            case "datasource_error" -> new DatasourceEvent.Failed(frame, root.text("error"));
            default -> null;
        };
    }

    /** Text, where it is that: old servers label the pieces of an answer with an image so. */
    private static DifyEvent messageFile(DifyFrame frame, DifyJson root) {
        Optional<String> url = root.optionalText("url");
        Optional<String> answer = root.optionalText("answer");
        return url.isEmpty() && answer.isPresent()
                ? new DifyEvent.Message(frame, answer.get())
                : new DifyEvent.MessageFile(frame, root.text("id"), root.text("type"), root.text("belongs_to"), url);
    }

    private static DifyEvent agentThought(DifyFrame frame, DifyJson root) {
        return new DifyEvent.AgentThought(
                frame,
                root.text("id"),
                root.number("position"),
                root.text("thought"),
                root.text("observation"),
                root.text("tool"),
                root.object("tool_labels"),
                root.text("tool_input"),
                root.texts("message_files"));
    }
}
