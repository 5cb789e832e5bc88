package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The endpoints below {@code /workflows}: run, stop, and what was run. Confined to the event loop. */
final class Workflows {

    private static final List<String> ENDS = List.of("succeeded", "failed", "stopped");

    private final Settings settings;
    private final Attachments attachments;
    private final Runs runs;
    private final Runless runless;

    Workflows(Settings settings, Attachments attachments, Runs runs, Runless runless) {
        this.settings = settings;
        this.attachments = attachments;
        this.runs = runs;
        this.runless = runless;
    }

    void run(Call call) {
        run(call, Question.toWorkflow(call, settings, ""));
    }

    void runVersion(Call call) {
        Question question = Question.toWorkflow(call, settings, call.variable());
        Runs.checkWorkflow(question.workflowId(), "");
        run(call, question);
    }

    void stop(Call call) {
        call.requiredUserOfBody();
        Modes.requireWorkflow(settings);
        runs.stop(call.variable());
        call.success();
    }

    void detail(Call call) {
        Modes.requireFlow(settings);
        if (!Paths.isUuid(call.variable())) {
            // The database does not take it.
            throw Refusal.unknown();
        }
        Flow flow = runs.find(call.variable()).orElseThrow(() -> Refusal.notFound("Workflow run not found."));
        call.reply(flow.run().detail());
    }

    /** Dify keeps this log of workflows alone; a chatflow's is empty. */
    void logs(Call call) {
        Map<String, String> query = call.query();
        Validation fields = Validation.ofQuery("WorkflowLogQuery", query);
        String keyword = fields.text("keyword", false);
        String status = fields.choice("status", ENDS, "'succeeded', 'failed' or 'stopped'");
        int page = fields.number("page", 1, 1, 99_999);
        int limit = fields.limit();
        fields.check(settings.version());
        Predicate<Run> wanted = run -> run.message().isEmpty();
        wanted = wanted.and(run -> run.mentions(keyword));
        wanted = wanted.and(run -> status.isEmpty() || run.status().equals(status));
        wanted = wanted.and(inTime(query)).and(by(query));
        List<Run> found = runs.all().stream().filter(wanted).toList();
        ObjectNode body = Json.object()
                .put("page", page)
                .put("limit", limit)
                .put("total", found.size())
                .put("has_more", found.size() > page * limit);
        found.stream().skip((page - 1L) * limit).limit(limit).map(Run::logRow).forEach(body.putArray("data")::add);
        call.reply(body);
    }

    private void run(Call call, Question question) {
        List<Attachment> files;
        ObjectNode inputs;
        try {
            files = attachments.ofRun(call, question.user());
            inputs = attachments.inputs(call, question);
            question.checkInputs(settings);
        } catch (Refusal refusal) {
            runless.refuse(call.exchange(), question, refusal);
            return;
        }
        runs.begin(
                call.exchange(),
                question,
                () -> new Run(question.user(), inputs, files, Instant.now()),
                List.of(),
                RunBodies::workflow,
                run -> {});
    }

    private Predicate<Run> inTime(Map<String, String> query) {
        if (!settings.version().isFrom(1, 0, 1)) {
            return run -> true;
        }
        Instant after = instant(query, "created_at__after", Instant.MIN);
        Instant before = instant(query, "created_at__before", Instant.MAX);
        return run -> {
            Instant created = Instant.ofEpochSecond(run.createdAt());
            return !created.isBefore(after) && !created.isAfter(before);
        };
    }

    private Predicate<Run> by(Map<String, String> query) {
        if (!settings.version().isFrom(1, 5, 0)) {
            return run -> true;
        }
        String account = query.getOrDefault("created_by_account", "");
        if (!account.isEmpty()) {
            throw Refusal.invalidParam("Account not found: " + account);
        }
        String user = query.getOrDefault("created_by_end_user_session_id", "");
        return run -> user.isEmpty() || run.user().equals(user);
    }

    /** With or without an offset, as Python takes it. */
    private static Instant instant(Map<String, String> query, String name, Instant otherwise) {
        String text = query.getOrDefault(name, "");
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            TemporalAccessor time = DateTimeFormatter.ISO_DATE_TIME.parseBest(
                    text.replace(' ', 'T'), OffsetDateTime::from, LocalDateTime::from);
            return time instanceof LocalDateTime local ? local.toInstant(ZoneOffset.UTC) : Instant.from(time);
        } catch (DateTimeException e) {
            throw Refusal.invalidParam("Invalid isoformat string: '" + text + "'");
        }
    }
}
