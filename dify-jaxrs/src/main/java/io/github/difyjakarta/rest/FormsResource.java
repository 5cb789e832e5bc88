package io.github.difyjakarta.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.client.event.HumanInputForm;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.client.workflow.HumanInput;
import io.github.difyjakarta.relay.Ownership;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.relay.TokenMeter;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Forms that a run of the caller's waits for, since Dify 1.14. Dify lets in whoever knows a form's token; here it is who got it
 * from the run's events or from the history.
 */
@Path("{app}")
@InOwnApplication
public class FormsResource {
    private static final String FORM = "form/human_input/{token}";

    /** What is to be filled in: {@code GET /form/human_input/{form_token}}. */
    @GET
    @Path(FORM)
    @Produces("application/json")
    public void show(
            @BeanParam Entrance entrance, @PathParam("token") String token, @Suspended AsyncResponse response) {
        Visit visit = entrance.admit(EndpointGroup.FORMS);
        requireOwn(visit, token);
        Documents.answer(entrance, response, visit.client().humanInput().formAsync(token), HumanInputForm::json);
    }

    /**
     * Sends it, and the run goes on: {@code POST /form/human_input/{form_token}}. Its events are those of {@code
     * workflow/{workflow_run_id}/events}. What the rest of the run costs nobody tells us, so its estimate is paid.
     */
    @POST
    @Path(FORM)
    @Produces("application/json")
    public void send(
            @BeanParam Entrance entrance,
            @PathParam("token") String token,
            InputStream entity,
            @Suspended AsyncResponse response)
            throws IOException {
        Visit visit = entrance.admitWithJson(EndpointGroup.FORMS);
        requireOwn(visit, token);
        JsonNode body = Entrance.body(entity);
        RunBody filled = RunBody.of(body, visit.fileRules());
        String action = JsonBody.text(body, "action")
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> JsonBody.invalid("action", "Field required"));
        HumanInput forms = visit.client().humanInput();
        TokenMeter meter = Tokens.reserve(entrance.request(), filled.characters());
        CompletionStage<Void> sent = forms.submitAsync(visit.user(), token, action, filled.inputs())
                .whenComplete((done, failure) -> pay(meter, failure));
        Documents.answer(entrance, response, sent, done -> DifyJson.EMPTY);
    }

    private static void pay(TokenMeter meter, @Nullable Throwable failure) {
        if (failure == null) {
            meter.ended();
        } else {
            meter.settle(null, failure);
        }
    }

    private static void requireOwn(Visit visit, String token) {
        if (!visit.clients().relays().ownership().isOwner(visit.user(), Ownership.Kind.FORM, token)) {
            throw new Problem(RelayError.of(404, "not_found", "Form not found"));
        }
    }
}
