package io.github.difyjakarta.relay;

import java.util.Map;

/**
 * Dify's events by what they show. An event that no release had so far belongs to the group that the beginning of its name
 * tells ({@code node_…}, {@code iteration_…}, {@code loop_…}, {@code parallel_…}, {@code datasource_…} to {@link #STEPS};
 * {@code agent_…}, {@code tool_…}, {@code thought_…}, {@code reasoning_…} to {@link #THOUGHTS}; {@code retriever_…} to {@link
 * #SOURCES}), else to {@link #OTHER}.
 */
public enum EventGroup {
    /** The answer, its files and speech, what a human is asked, errors, and how the run began and ended. Always passed on. */
    ANSWER,
    /** What the nodes of a workflow get and give. */
    STEPS,
    /** What models think, and which tools they call with what. */
    THOUGHTS,
    /** Pieces of the documents that an answer rests on; they are in other events, but can be taken out. */
    SOURCES,
    /** Events of a newer Dify that nothing is known of. */
    OTHER;

    private static final Map<String, EventGroup> KNOWN = Map.ofEntries(
            Map.entry("message", ANSWER),
            Map.entry("agent_message", ANSWER),
            Map.entry("message_replace", ANSWER),
            Map.entry("message_file", ANSWER),
            Map.entry("message_end", ANSWER),
            Map.entry("text_chunk", ANSWER),
            Map.entry("text_replace", ANSWER),
            Map.entry("tts_message", ANSWER),
            Map.entry("tts_message_end", ANSWER),
            Map.entry("error", ANSWER),
            Map.entry("ping", ANSWER),
            Map.entry("workflow_started", ANSWER),
            Map.entry("workflow_finished", ANSWER),
            Map.entry("workflow_paused", ANSWER),
            Map.entry("human_input_required", ANSWER),
            Map.entry("human_input_form_filled", ANSWER),
            Map.entry("human_input_form_timeout", ANSWER),
            Map.entry("node_started", STEPS),
            Map.entry("node_finished", STEPS),
            Map.entry("node_retry", STEPS),
            Map.entry("iteration_started", STEPS),
            Map.entry("iteration_next", STEPS),
            Map.entry("iteration_completed", STEPS),
            Map.entry("loop_started", STEPS),
            Map.entry("loop_next", STEPS),
            Map.entry("loop_completed", STEPS),
            Map.entry("parallel_branch_started", STEPS),
            Map.entry("parallel_branch_finished", STEPS),
            Map.entry("datasource_processing", STEPS),
            Map.entry("datasource_completed", STEPS),
            Map.entry("datasource_error", STEPS),
            Map.entry("agent_thought", THOUGHTS),
            Map.entry("agent_log", THOUGHTS),
            Map.entry("reasoning_chunk", THOUGHTS));

    /** Whether an event of this name is in Dify's contract. */
    static boolean isKnown(String event) {
        return KNOWN.containsKey(event);
    }

    /** The group of an event, by its name alone. */
    static EventGroup of(String event) {
        EventGroup known = KNOWN.get(event);
        return known == null ? byBeginning(event) : known;
    }

    private static EventGroup byBeginning(String event) {
        int end = event.indexOf('_');
        return switch (end < 0 ? event : event.substring(0, end)) {
            case "node", "iteration", "loop", "parallel", "datasource" -> STEPS;
            case "agent", "tool", "thought", "reasoning" -> THOUGHTS;
            case "retriever" -> SOURCES;
            default -> OTHER;
        };
    }
}
