package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.json.DifyJson;
import java.time.Instant;
import java.util.Optional;

/**
 * Somebody who used an app.
 *
 * @param json all of it, as it came
 */
public record EndUser(DifyJson json) {
    /** At Dify. */
    public String id() {
        return json.text("id");
    }

    /** Of the workspace. */
    public String tenantId() {
        return json.text("tenant_id");
    }

    /** Of the app. */
    public Optional<String> appId() {
        return json.optionalText("app_id");
    }

    /** Such as {@code service_api}. */
    public String type() {
        return json.text("type");
    }

    /** Where Dify has one. */
    public Optional<String> externalUserId() {
        return json.optionalText("external_user_id");
    }

    /** May be empty. */
    public String name() {
        return json.text("name");
    }

    /** Whether Dify takes them for nobody in particular. */
    public boolean anonymous() {
        return json.flag("is_anonymous");
    }

    /** The {@code user} of the requests. */
    public String sessionId() {
        return json.text("session_id");
    }

    /** At Dify. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    /** At Dify. */
    public Optional<Instant> updatedAt() {
        return json.time("updated_at");
    }
}
