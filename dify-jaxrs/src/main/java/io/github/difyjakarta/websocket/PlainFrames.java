package io.github.difyjakarta.websocket;

import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.AnswerCollector;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.event.OutcomeTracker;
import io.github.difyjakarta.relay.RelayError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An answer for people: {@code start}, then {@code chunk} and {@code replace} as its text grows and changes, then {@code done} or
 * {@code error}. What is no part of the text (steps, thoughts, files, speech) is left out and not even parsed.
 */
final class PlainFrames implements AnswerFrames {
    /** Longer texts are nobody's answer; all of it is repeated in {@code done}, so it has to be kept. */
    static final int LONGEST_TEXT = 4 * 1024 * 1024;

    private final int longestText;
    private final OutcomeTracker tracker = new OutcomeTracker();
    private final AnswerCollector collector = new AnswerCollector();
    /** What the browser shows by what it was told. */
    private final StringBuilder shown = new StringBuilder();

    private boolean started;
    private boolean agentSpoke;
    private boolean endedWell;
    private Optional<String> conversation = Optional.empty();
    private Optional<String> message = Optional.empty();

    PlainFrames() {
        this(LONGEST_TEXT);
    }

    /**
     * @param longestText in characters; of a longer one nothing can be said at the end
     */
    PlainFrames(int longestText) {
        this.longestText = longestText;
    }

    @Override
    public List<Outgoing> event(DifyFrame frame) {
        List<Outgoing> said = new ArrayList<>(2);
        if (!started) {
            started = true;
            said.add(start(frame));
        }
        conversation = frame.conversationId().or(() -> conversation);
        message = frame.messageId().or(() -> message);
        tracker.accept(frame);
        switch (frame.name()) {
            case "message", "agent_message", "message_file", "message_replace", "message_end" ->
                text(frame.toEvent(), said);
            default -> {
                // no part of the text
            }
        }
        return said;
    }

    private static Outgoing start(DifyFrame frame) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "start");
        frame.taskId().ifPresent(id -> fields.put("task_id", id));
        frame.conversationId().ifPresent(id -> fields.put("conversation_id", id));
        frame.messageId().ifPresent(id -> fields.put("message_id", id));
        return text(fields);
    }

    private void text(DifyEvent event, List<Outgoing> said) {
        collector.accept(event);
        if (event instanceof DifyEvent.Message piece && !agentSpoke) {
            grow(piece.answer(), said);
        } else if (event instanceof DifyEvent.AgentMessage piece) {
            agentSpoke = true; // what it says in the end as a message is all of that again
            grow(piece.answer(), said);
        } else if (event instanceof DifyEvent.MessageReplace replacement) {
            said.add(replace(replacement.answer()));
        }
    }

    private void grow(String piece, List<Outgoing> said) {
        if (shown.length() + piece.length() > longestText) {
            throw new DifyStreamException(
                    DifyStreamException.EVENT_TOO_LARGE, "the answer is longer than " + longestText + " characters");
        }
        if (!piece.isEmpty()) {
            shown.append(piece);
            said.add(new Outgoing.Chunk(piece));
        }
    }

    private Outgoing replace(String all) {
        shown.setLength(0);
        shown.append(all);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "replace");
        fields.put("content", all);
        return text(fields);
    }

    @Override
    public List<Outgoing> end() {
        Outcome outcome = tracker.atEnd();
        if (outcome instanceof Outcome.Failed failed) {
            return List.of(
                    error(RelayError.ofRefusal(failed.status(), failed.code(), failed.message(), Optional.empty())));
        }
        Answer answer = collector.answer(outcome);
        endedWell = true;
        List<Outgoing> said = new ArrayList<>(2);
        if (!answer.text().contentEquals(shown)) {
            said.add(replace(answer.text()));
        }
        said.add(done(answer));
        return said;
    }

    private Outgoing done(Answer answer) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "done");
        fields.put("full_answer", answer.text());
        fields.put("conversation_id", conversation.orElse(""));
        fields.put("message_id", message.orElse(""));
        fields.put("usage", answer.usage().json().toMap());
        if (answer.outcome() instanceof Outcome.Paused) {
            fields.put("paused", true);
        }
        return text(fields);
    }

    @Override
    public Optional<String> conversation() {
        return endedWell ? conversation : Optional.empty();
    }

    @Override
    public Outgoing error(RelayError error) {
        return errorFrame(error);
    }

    /** An error, whether it ends an answer or says that there will be none. */
    static Outgoing errorFrame(RelayError error) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("type", "error");
        fields.put("status", error.status());
        fields.put("code", error.code());
        fields.put("message", error.message());
        fields.put("retryable", error.retryable());
        error.retryAfter().ifPresent(wait -> fields.put("retry_after", wait.toSeconds()));
        return text(fields);
    }

    private static Outgoing.Text text(Map<String, Object> fields) {
        return new Outgoing.Text(SocketJson.of(fields));
    }
}
