package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One execution of a node: {@code data} of the events {@code node_…}, {@code iteration_…} and {@code loop_…}. What an event
 * does not tell is empty. Dify Service API, "Run Workflow".
 *
 * @param json all of it, as it came
 */
public record NodeExecution(DifyJson json) {
    /** The execution; the same in all of its events. For iterations and loops that of the node. */
    public String id() {
        return json.text("id");
    }

    /** The node in the workflow's drawing. */
    public String nodeId() {
        return json.text("node_id");
    }

    /** Such as {@code llm}, {@code code}, {@code answer}. */
    public String nodeType() {
        return json.text("node_type");
    }

    /** For people. */
    public String title() {
        return json.text("title");
    }

    /** Its place in the run, from 1; live events of Dify 1.16 always say 1. For iterations and loops the pass. */
    public long index() {
        return json.number("index");
    }

    /** The node before it; live events of Dify 1.16 never tell. */
    public Optional<String> predecessorNodeId() {
        return json.optionalText("predecessor_node_id");
    }

    /** Its state; {@code running} where the event does not say. */
    public NodeStatus status() {
        return json.optionalText("status").map(NodeStatus::new).orElse(NodeStatus.RUNNING);
    }

    /** Why it failed; free text. */
    public Optional<String> error() {
        return json.optionalText("error");
    }

    /** What it was given; may be megabytes. */
    public DifyJson inputs() {
        return json.object("inputs");
    }

    /** Whether Dify shortened the inputs. */
    public boolean inputsTruncated() {
        return json.flag("inputs_truncated");
    }

    /** What it did in between, such as the prompt of a model; may be megabytes. */
    public DifyJson processData() {
        return json.object("process_data");
    }

    /** Whether Dify shortened the data in between. */
    public boolean processDataTruncated() {
        return json.flag("process_data_truncated");
    }

    /** What it produced; may be megabytes. */
    public DifyJson outputs() {
        return json.object("outputs");
    }

    /** Whether Dify shortened the outputs. */
    public boolean outputsTruncated() {
        return json.flag("outputs_truncated");
    }

    /** Seconds it took. */
    public double elapsedSeconds() {
        return json.real("elapsed_time");
    }

    /** What it cost and where it stood, as it came: tokens, price, iteration and loop indexes, logs of agents. */
    public DifyJson executionMetadata() {
        return json.object("execution_metadata");
    }

    /** Tokens of its models, at least 0. */
    public long totalTokens() {
        return json.optionalNumber("total_tokens")
                .orElseGet(() -> executionMetadata().number("total_tokens"));
    }

    /** What its models cost, in {@link #currency()}. */
    public BigDecimal totalPrice() {
        return executionMetadata().decimal("total_price");
    }

    /** Such as {@code USD}; empty where Dify named none. */
    public String currency() {
        return executionMetadata().text("currency");
    }

    /** Passes of an iteration or a loop that were run. */
    public long steps() {
        return json.number("steps");
    }

    /** When it began. */
    public Optional<Instant> startedAt() {
        return json.time("created_at");
    }

    /** When it ended. */
    public Optional<Instant> finishedAt() {
        return json.time("finished_at");
    }

    /** The files among the outputs. */
    public List<DifyFile> files() {
        return DifyFile.all(json, "files");
    }

    /** The iteration that it is within. */
    public Optional<String> iterationId() {
        return json.optionalText("iteration_id");
    }

    /** The loop that it is within. */
    public Optional<String> loopId() {
        return json.optionalText("loop_id");
    }

    /** Of an agent node: its {@code name} and {@code icon}. */
    public DifyJson agentStrategy() {
        return json.object("agent_strategy");
    }

    /** Of an iteration or loop: how long it will be. */
    public DifyJson metadata() {
        return json.object("metadata");
    }

    /** What kinds of nodes add for a user interface, such as icons. */
    public DifyJson extras() {
        return json.object("extras");
    }

    /** The same execution with what a later event knows of it; what that leaves out or nulls stays. */
    NodeExecution updatedBy(NodeExecution later) {
        return new NodeExecution(json.updatedBy(later.json));
    }
}
