package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Whether annotations answer questions, and the jobs that switch it. The switch is thrown at once; a job goes on by being
 * asked about: waiting, processing, completed. Confined to the event loop.
 */
final class AnnotationReply {

    private static final int MAX_JOBS = 1000;

    private static final class Job {
        private final String id = UUID.randomUUID().toString();
        private final String action;
        private int looks;

        Job(String action) {
            this.action = action;
        }

        boolean isDone() {
            return looks > 1;
        }

        String status() {
            return isDone() ? "completed" : "processing";
        }
    }

    private final String id = UUID.randomUUID().toString();
    private final Map<String, Job> jobs = new LinkedHashMap<>();
    private @Nullable JsonNode enabledWith;

    boolean isEnabled() {
        return enabledWith != null;
    }

    /** What the page of parameters says about it. */
    ObjectNode parameters() {
        if (enabledWith == null) {
            return Json.object().put("enabled", false);
        }
        ObjectNode parameters = Json.object().put("id", id).put("enabled", true);
        parameters.set("score_threshold", enabledWith.path("score_threshold"));
        ObjectNode model = parameters.putObject("embedding_model");
        for (String name : new String[] {"embedding_provider_name", "embedding_model_name"}) {
            model.set(name, enabledWith.path(name));
        }
        return parameters;
    }

    void change(Call call) {
        Validation fields = new Validation("AnnotationReplyActionPayload", call.body());
        fields.number("score_threshold");
        fields.text("embedding_provider_name", true);
        fields.text("embedding_model_name", true);
        fields.check();
        String action = call.variable();
        if (!Set.of("enable", "disable").contains(action)) {
            throw Refusal.unknown();
        }
        enabledWith = action.equals("enable") ? call.body() : null;
        Optional<Job> running = jobs.values().stream()
                .filter(job -> job.action.equals(action) && !job.isDone())
                .findFirst();
        Job job = running.orElseGet(() -> begin(action));
        call.reply(Json.object().put("job_id", job.id).put("job_status", running.isEmpty() ? "waiting" : "processing"));
    }

    void status(Call call) {
        Job job = jobs.get(call.secondVariable());
        if (job == null || !job.action.equals(call.variable())) {
            throw Refusal.invalidParam("The job does not exist.");
        }
        job.looks++;
        call.reply(Json.object()
                .put("job_id", job.id)
                .put("job_status", job.status())
                .put("error_msg", ""));
    }

    private Job begin(String action) {
        Job job = new Job(action);
        jobs.put(job.id, job);
        if (jobs.size() > MAX_JOBS) {
            jobs.remove(jobs.keySet().iterator().next());
        }
        return job;
    }
}
