package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.Exchange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** The runs of a workflow or chatflow app, under way and remembered. Confined to the event loop. */
final class Runs {

    /** Above it the oldest run is forgotten: a simulator may run for weeks. */
    private static final int MAX_RUNS = 10_000;

    private final Streams streams;
    private final Slots slots;
    private final Map<String, Flow> flows = new LinkedHashMap<>();
    private final Map<String, Flow> byTask = new HashMap<>();
    private final Map<String, Flow> byForm = new HashMap<>();

    Runs(Streams streams, Slots slots) {
        this.streams = streams;
        this.slots = slots;
    }

    /**
     * Begins a run and answers with its stream or, when it rests, with the body.
     *
     * @param newRun makes the run once there is a slot for it
     * @param earlier what was asked before in the conversation
     * @param body the answer of blocking mode, may refuse
     * @param onRest runs when the run pauses and when it is over
     */
    void begin(
            Exchange exchange,
            Question question,
            Supplier<Run> newRun,
            List<String> earlier,
            Function<Run, ObjectNode> body,
            Consumer<Run> onRest) {
        boolean slot = slots.takeForRun(question.streaming());
        Run run = newRun.get();
        Once firstRest = new Once(slot, () -> {
            if (!question.streaming()) {
                reply(exchange, body, run);
            }
        });
        String answer = OrderDesk.answer(question.text(), earlier);
        Flow flow = new Flow(streams, run, question.text(), answer, () -> {
            find(run.id()).ifPresent(known -> run.form().ifPresent(form -> byForm.put(form.token(), known)));
            firstRest.run();
            onRest.accept(run);
        });
        remember(flow);
        if (question.streaming()) {
            flow.channel().subscribe(exchange);
        }
        flow.start();
    }

    Optional<Flow> find(String runId) {
        return Optional.ofNullable(flows.get(runId));
    }

    Optional<Flow> ofForm(String token) {
        return Optional.ofNullable(byForm.get(token));
    }

    /** Newest first. */
    List<Run> all() {
        List<Run> all = new ArrayList<>();
        flows.values().forEach(flow -> all.add(flow.run()));
        Collections.reverse(all);
        return all;
    }

    void stop(String taskId) {
        Flow flow = byTask.get(taskId);
        if (flow != null) {
            flow.stop();
        }
    }

    /** Looks whether the app has this version; the hint goes to the end of the message. */
    static void checkWorkflow(String workflowId, String hint) {
        if (!Paths.isUuid(workflowId)) {
            throw Refusal.of(400, "bad_request", "Invalid workflow_id format: '" + workflowId + "'. ");
        }
        if (!workflowId.equals(Run.WORKFLOW_ID)) {
            throw Refusal.notFound("Workflow not found with id: " + workflowId + hint);
        }
    }

    private void reply(Exchange exchange, Function<Run, ObjectNode> body, Run run) {
        try {
            Answers.reply(exchange, streams.dialect(), body.apply(run));
        } catch (Refusal refusal) {
            exchange.reply(refusal.reply());
        }
    }

    private void remember(Flow flow) {
        flows.put(flow.run().id(), flow);
        byTask.put(flow.run().taskId(), flow);
        if (flows.size() > MAX_RUNS) {
            Flow oldest = flows.remove(flows.keySet().iterator().next());
            byTask.remove(oldest.run().taskId());
            byForm.values().remove(oldest);
        }
    }

    /** Gives the slot back and does its work when it is run for the first time. */
    private final class Once implements Runnable {

        private final boolean slot;
        private final Runnable work;
        private boolean done;

        private Once(boolean slot, Runnable work) {
            this.slot = slot;
            this.work = work;
        }

        @Override
        public void run() {
            if (!done) {
                done = true;
                if (slot) {
                    slots.giveBack();
                }
                work.run();
            }
        }
    }
}
