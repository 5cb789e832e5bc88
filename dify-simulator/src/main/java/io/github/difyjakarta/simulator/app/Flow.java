package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets one run of a workflow or chatflow happen: start, model, answer; or, where a human is asked, start, form, answer.
 * Whether anyone watches makes no difference. Confined to the event loop.
 */
final class Flow {

    /** Another process takes a resumed run up; who follows it has the time to come back. */
    private static final Duration RESUMPTION = Duration.ofMillis(200);

    private static final String FAILURE = "[models] The order desk has just closed.";
    private static final String PREFACE = "Let me ask a colleague. ";

    private final Streams streams;
    private final Run run;
    private final String prompt;
    private final Runnable onRest;
    private final Channel channel;
    private final RunFrames frames;
    private final Node last;
    private String preface = "";
    private Typist typist;
    private @Nullable Node model;
    private EventLoop.@Nullable Timer next;

    /** Answers the prompt; calls onRest whenever the run pauses or is over. */
    Flow(Streams streams, Run run, String prompt, String answer, Runnable onRest) {
        this.streams = streams;
        this.run = run;
        this.prompt = prompt;
        this.onRest = onRest;
        this.channel = new Channel(streams);
        this.frames = new RunFrames(run, Instant::now);
        this.last = run.message().isPresent() ? new Node("answer", "answer", "Answer") : new Node("end", "end", "End");
        this.typist = new Typist(answer, streams.settings().typing());
    }

    Run run() {
        return run;
    }

    Channel channel() {
        return channel;
    }

    void start() {
        channel.publish(frames.started("initial"));
        if (streams.settings().behaviour().asksHuman()) {
            ask();
            return;
        }
        pass(new Node("start", "start", "Start"), run.inputs(), run.inputs());
        model = run.add(new Node("llm", "llm", "LLM"));
        channel.publish(frames.nodeStarted(model));
        next = streams.loop().at(typist.due(), this::word);
    }

    /** The stop endpoint; Dify does not ask who stops a run. */
    void stop() {
        if (!run.isOver() && !run.isPaused()) {
            stopped("Aborted: User requested stop", Usage.stopped(typist.age()));
        }
    }

    /** Goes on after the form, a moment later. */
    void resume() {
        run.resumed();
        streams.loop().schedule(RESUMPTION, this::goOn);
    }

    private void ask() {
        run.message().ifPresent(message -> {
            // Fixed text runs ahead of its node.
            preface = PREFACE;
            channel.publish(frames.delta(PREFACE, "preface", "answer"));
        });
        pass(new Node("start", "start", "Start"), run.inputs(), run.inputs());
        if (run.message().isPresent()) {
            pass(new Node("preface", "answer", "Answer"), Json.object(), answer(PREFACE));
        }
        Node human = run.add(new Node("review", "human-input", "Review"));
        channel.publish(frames.nodeStarted(human));
        Form form = new Form(human, prompt, Instant.now());
        human.ended("paused", Instant.now().getEpochSecond());
        run.paused(form);
        run.message().ifPresent(message -> message.waitsFor(form, run.id(), preface));
        channel.publish(frames.formRequired(form));
        channel.publish(frames.paused(form));
        channel.paused();
        onRest.run();
    }

    private void goOn() {
        if (run.isOver()) {
            // Stopped in the meantime.
            return;
        }
        Form form = run.form().orElseThrow();
        Form.Submission decided = form.submission().orElseThrow();
        channel.publish(frames.started("resumption"));
        channel.publish(frames.nodeStarted(form.node()));
        if (run.message().isEmpty() && !streams.settings().behaviour().resumesWorkflows()) {
            // The pause has left a stop signal behind.
            stopped("Stopped by user.", Usage.withoutModel());
            return;
        }
        String answer = "Decision: " + decided.actionTitle() + ". " + OrderDesk.answer(prompt, List.of());
        typist = new Typist(answer, streams.settings().typing());
        next = streams.loop().at(typist.due(), this::word);
    }

    private void word() {
        if (run.isOver()) {
            return;
        }
        if (streams.settings().behaviour().failsRuns() && typist.isHalfDone()) {
            fail();
        } else if (typist.hasNext()) {
            channel.publish(delta(typist.next()));
            next = streams.loop().at(typist.due(), this::word);
        } else {
            finish();
        }
    }

    private void finish() {
        String text = preface + typist.typed();
        Usage usage = model == null ? Usage.withoutModel() : typist.usage(prompt);
        if (model == null) {
            Form form = run.form().orElseThrow();
            Form.Submission decided = form.submission().orElseThrow();
            channel.publish(frames.nodeFinished(form.node(), Form.inputs(decided), form.outputs(decided)));
        } else {
            channel.publish(delta(""));
            channel.publish(delta(""));
            channel.publish(frames.llmFinished(model, prompt, text, usage));
        }
        boolean chatflow = run.message().isPresent();
        ObjectNode outputs = chatflow ? answer(typist.typed()) : Json.object().put("text", text);
        pass(last, chatflow ? Json.object() : outputs.deepCopy(), outputs);
        run.ended("succeeded", chatflow ? answer(text) : outputs, null, usage.totalTokens(), Instant.now());
        run.message().ifPresent(message -> message.answered(text, usage));
        boolean messageFirst = streams.settings().version().isFrom(1, 13, 0);
        if (messageFirst) {
            publishMessageEnd(usage);
        }
        channel.publish(frames.finished());
        if (!messageFirst) {
            publishMessageEnd(usage);
        }
        over();
    }

    private void fail() {
        if (model != null) {
            channel.publish(frames.llmFailed(model, prompt, FAILURE));
        }
        String text = preface + typist.typed();
        ObjectNode outputs = run.message().isPresent() ? answer(text) : Json.object();
        run.ended("failed", outputs, FAILURE, 0, Instant.now());
        run.message().ifPresent(message -> message.failed(text, FAILURE));
        channel.publish(frames.finished());
        if (!streams.settings().version().isFrom(1, 13, 0)) {
            // Later servers close before it.
            run.message().ifPresent(message -> channel.publish(error(message)));
        }
        over();
    }

    private void stopped(String why, Usage usage) {
        run.ended("stopped", Json.object(), why, 0, Instant.now());
        run.message().ifPresent(message -> message.answered(preface + typist.typed(), usage));
        channel.publish(frames.finished());
        if (!streams.settings().version().isFrom(1, 13, 0)) {
            publishMessageEnd(usage);
        }
        over();
    }

    private void over() {
        if (next != null) {
            next.cancel();
        }
        channel.finished();
        onRest.run();
    }

    private void publishMessageEnd(Usage usage) {
        run.message().ifPresent(message -> channel.publish(frames.messageEnd(message, usage)));
    }

    private void pass(Node node, ObjectNode inputs, ObjectNode outputs) {
        channel.publish(frames.nodeStarted(run.add(node)));
        channel.publish(frames.nodeFinished(node, inputs, outputs));
    }

    private ObjectNode delta(String text) {
        return model == null ? frames.delta(text, last.id(), "answer") : frames.delta(text, "llm", "text");
    }

    private static ObjectNode error(Message message) {
        return Json.object()
                .put("event", "error")
                .put("conversation_id", message.conversationId())
                .put("message_id", message.id())
                .put("created_at", message.createdAt())
                .put("code", "invalid_param")
                .put("status", 400)
                .put("message", "Run failed: " + FAILURE);
    }

    private static ObjectNode answer(String text) {
        ObjectNode outputs = Json.object().put("answer", text);
        outputs.putArray("files");
        return outputs;
    }
}
