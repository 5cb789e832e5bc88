package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.Reply;
import java.time.Instant;

/** {@code /form/human_input/…}: what a paused run asks, and the answer to it. Confined to the event loop. */
final class Forms {

    private final Settings settings;
    private final Runs runs;

    Forms(Settings settings, Runs runs) {
        this.settings = settings;
        this.runs = runs;
    }

    void show(Call call) {
        Form form = open(call);
        // The one body beside streams that is not in ASCII.
        call.exchange().reply(Reply.json(200, Json.spacedUnicode(form.page())));
    }

    void submit(Call call) {
        call.requiredUserOfBody();
        Validation fields = new Validation("HumanInputFormSubmitPayload", call.body());
        JsonNode inputs = fields.object("inputs");
        String action = fields.text("action", true);
        fields.check(settings.version());
        open(call).submit(action, (ObjectNode) inputs);
        call.reply(Json.object());
        flow(call).resume();
    }

    private Form open(Call call) {
        Form form = flow(call).run().form().orElseThrow();
        form.checkOpen(Instant.now());
        return form;
    }

    private Flow flow(Call call) {
        return runs.ofForm(call.variable())
                .orElseThrow(() -> Refusal.notFound("Form not found. You have requested this URI ["
                        + Paths.BASE + Paths.of(call.request())
                        + "] but did you mean /v1/form/human_input/<string:form_token> or"
                        + " /api/form/human_input/<string:form_token> or"
                        + " /api/form/human_input/<string:form_token>/upload-token ?"));
    }
}
