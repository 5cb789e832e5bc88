package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A step of an agent in the history.
 *
 * @param json all of it, as it came
 */
public record AgentStep(DifyJson json) {
    /** The step. */
    public String id() {
        return json.text("id");
    }

    /** Mostly absent. */
    public Optional<String> chainId() {
        return json.optionalText("chain_id");
    }

    /** The message. */
    public String messageId() {
        return json.text("message_id");
    }

    /** From 1. */
    public long position() {
        return json.number("position");
    }

    /** What the agent thought. */
    public String thought() {
        return json.text("thought");
    }

    /** What the agent said in this step; may be empty. */
    public String answer() {
        return json.text("answer");
    }

    /** Names of tools, joined by {@code ;}. */
    public String tool() {
        return json.text("tool");
    }

    /** Names of the tools for people, by language. */
    public DifyJson toolLabels() {
        return json.object("tool_labels");
    }

    /** What the tools were given, JSON in a text. */
    public String toolInput() {
        return json.text("tool_input");
    }

    /** What the tools answered. */
    public String observation() {
        return json.text("observation");
    }

    /** Ids of files. */
    public List<String> files() {
        return json.texts("files");
    }

    /** In whole seconds. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }
}
