package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.json.MalformedJsonException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reader gets to see of a run, beside the answer itself: the prompts, documents and tools behind it are often not meant
 * for the user (OWASP LLM08). An event passes by its name, without being parsed; of the last event of an answer, and of
 * documents, the fields of a group that is off are taken out. Immutable.
 */
public final class EventPolicy {
    /** Everything, byte for byte. */
    public static final EventPolicy ALL = new EventPolicy(EnumSet.allOf(EventGroup.class), Set.of());

    /** The answer, and what a newer Dify may invent. */
    public static final EventPolicy DEFAULT =
            new EventPolicy(EnumSet.of(EventGroup.ANSWER, EventGroup.OTHER), Set.of());

    private static final String END_OF_ANSWER = "message_end";
    /** What is hidden inside of what passes, and by which group. */
    private static final Map<String, EventGroup> FIELDS = Map.of(
            "retriever_resources", EventGroup.SOURCES,
            "agent_thoughts", EventGroup.THOUGHTS,
            "reasoning", EventGroup.THOUGHTS);

    private final Set<EventGroup> groups;
    private final Set<String> names;

    private EventPolicy(Set<EventGroup> groups, Set<String> names) {
        this.groups = EnumSet.copyOf(groups);
        this.groups.add(EventGroup.ANSWER);
        this.names = Set.copyOf(names);
    }

    /**
     * What a list of names allows: groups in lower case ({@code answer}, which is always on, {@code steps}, {@code thoughts},
     * {@code sources}, {@code other}), Dify's own names of events, or {@code all}.
     *
     * @throws IllegalArgumentException for a name that is none of these
     */
    public static EventPolicy of(List<String> list) {
        Set<EventGroup> groups = EnumSet.of(EventGroup.ANSWER);
        Set<String> names = new LinkedHashSet<>();
        for (String name : list) {
            if (name.equals("all")) {
                return ALL;
            } else if (EventGroup.isKnown(name)) {
                names.add(name);
            } else {
                groups.add(group(name));
            }
        }
        return new EventPolicy(groups, names);
    }

    private static EventGroup group(String name) {
        for (EventGroup group : EventGroup.values()) {
            if (group.name().toLowerCase(Locale.ROOT).equals(name)) {
                return group;
            }
        }
        throw new IllegalArgumentException("must be a comma list of answer, steps, thoughts, sources, other, names of"
                + " Dify's events such as node_finished, or all, not \"" + name + "\"");
    }

    /** What either of two allows. */
    public EventPolicy or(EventPolicy other) {
        Set<EventGroup> all = EnumSet.copyOf(groups);
        all.addAll(other.groups);
        Set<String> both = new LinkedHashSet<>(names);
        both.addAll(other.names);
        return new EventPolicy(all, both);
    }

    /** Whether an event passes, whole or in part. */
    public boolean passes(String event) {
        return groups.contains(EventGroup.of(event)) || names.contains(event);
    }

    /** An event as the reader may see it, the same one where nothing has to be taken out; null where it does not pass. */
    @Nullable DifyFrame shown(DifyFrame frame) {
        if (frame.name().equals(END_OF_ANSWER)) {
            return hidesFields() ? end(frame) : frame;
        }
        return passes(frame.name()) ? frame : null;
    }

    private boolean hidesFields() {
        return !groups.containsAll(FIELDS.values());
    }

    private DifyFrame end(DifyFrame frame) {
        try {
            DifyJson event = DifyJson.parse(frame.jsonBytes());
            DifyJson metadata = event.object("metadata");
            DifyJson shown = document(metadata);
            if (shown.equals(metadata)) {
                return frame;
            }
            Map<String, @Nullable Object> fields = new LinkedHashMap<>(event.toMap());
            fields.put("metadata", shown);
            return DifyFrame.of(DifyJson.write(fields));
        } catch (MalformedJsonException e) {
            return bare(frame); // an end that cannot be read is still the end, but who knows what is in it
        }
    }

    private static DifyFrame bare(DifyFrame frame) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("event", frame.name());
        frame.conversationId().ifPresent(id -> fields.put("conversation_id", id));
        frame.messageId().ifPresent(id -> fields.put("message_id", id));
        frame.taskId().ifPresent(id -> fields.put("task_id", id));
        return DifyFrame.of(DifyJson.write(fields));
    }

    /** A document's object, such as the metadata of an answer or a message of the history; the same where nothing is hidden. */
    public DifyJson document(DifyJson object) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(object.toMap());
        boolean changed = fields.entrySet().removeIf(field -> hides(field.getKey()) && !isEmpty(field.getValue()));
        return changed ? DifyJson.of(fields) : object;
    }

    private boolean hides(String field) {
        EventGroup group = FIELDS.get(field);
        return group != null && !groups.contains(group);
    }

    /** Dify's lists of nothing stay, so that front ends find what they look for. */
    private static boolean isEmpty(@Nullable Object value) {
        return value == null
                || (value instanceof List<?> list && list.isEmpty())
                || (value instanceof Map<?, ?> map && map.isEmpty());
    }

    /** A page of the history, with {@link #document} applied to each of its {@code data}. */
    public DifyJson page(DifyJson page) {
        if (!hidesFields()) {
            return page;
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(page.toMap());
        fields.put("data", page.objects("data").stream().map(this::document).toList());
        return DifyJson.of(fields);
    }
}
