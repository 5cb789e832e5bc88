package io.github.difyjakarta.client.workflow;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import io.github.difyjakarta.client.event.HumanInputForm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Forms that paused runs of workflows and chatflows wait for, since Dify 1.14. Who knows a form's token may fill it in: keep
 * tokens from people who must not. After a form was sent, {@link Workflows#attach} follows the run.
 *
 * <p>Up to Dify 1.16 a run of a <em>workflow</em> is stopped as soon as it goes on after a pause; those of chatflows are not.
 * Thread-safe.
 */
public final class HumanInput {
    private static final String PATH = "/form/human_input/{}";
    private static final String SINCE = "1.14.0";

    private final Calls calls;

    /** Forms of an app's runs. */
    public HumanInput(Calls calls) {
        this.calls = calls;
    }

    /**
     * A form: {@code GET /form/human_input/{form_token}}, and waits.
     *
     * @throws io.github.difyjakarta.client.error.DifyApiException 412 {@code human_input_form_submitted} or {@code
     *     human_input_form_expired} for one that cannot be sent any more
     */
    public HumanInputForm form(String token) {
        return Calls.await(formAsync(token));
    }

    /** The same without waiting. */
    public CompletableFuture<HumanInputForm> formAsync(String token) {
        return calls.send(Request.get(PATH, Require.text("token", token)).since(SINCE), HumanInputForm::new);
    }

    /**
     * Sends a form: {@code POST /form/human_input/{form_token}}, and waits. The first who does wins, and the run goes on.
     *
     * @param action the id of one of the form's actions
     * @param inputs by their names in the form, files as {@link io.github.difyjakarta.client.file.InputFile#toMap}
     */
    public void submit(String user, String token, String action, Map<String, ? extends @Nullable Object> inputs) {
        Calls.await(submitAsync(user, token, action, inputs));
    }

    /** The same without waiting. */
    public CompletableFuture<Void> submitAsync(
            String user, String token, String action, Map<String, ? extends @Nullable Object> inputs) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("inputs", new LinkedHashMap<>(inputs));
        body.put("action", Require.text("action", action));
        body.put("user", Require.text("user", user));
        return calls.sendOnly(
                Request.post(PATH, Require.text("token", token)).json(body).since(SINCE));
    }
}
