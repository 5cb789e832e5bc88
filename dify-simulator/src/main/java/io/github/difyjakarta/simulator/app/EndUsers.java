package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The users who have appeared, and {@code GET /end-users/{id}}. Confined to the event loop. */
final class EndUsers {

    /** Above it the one who came first is forgotten. */
    private static final int MAX_USERS = 10_000;

    /** Dify's ISO times have neither fractions nor a zone. */
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

    static final String TENANT_ID = id("tenant");

    private record EndUser(String name, Instant createdAt) {}

    private final Map<String, EndUser> users = new LinkedHashMap<>();

    /** The id Dify has for a name that a caller chose; here always the same one. */
    static String id(String user) {
        return UUID.nameUUIDFromBytes(user.getBytes(StandardCharsets.UTF_8)).toString();
    }

    static String time(Instant moment) {
        return TIME.format(moment);
    }

    void appeared(String user, Instant now) {
        users.computeIfAbsent(id(user), id -> new EndUser(user, now));
        if (users.size() > MAX_USERS) {
            users.remove(users.keySet().iterator().next());
        }
    }

    void get(Call call) {
        EndUser user = users.get(call.variable());
        if (user == null) {
            throw Refusal.of(404, "end_user_not_found", "End user not found.");
        }
        ObjectNode json = Json.object()
                .put("id", call.variable())
                .put("tenant_id", TENANT_ID)
                .put("app_id", Modes.APP_ID)
                .put("type", "service-api")
                .put("external_user_id", user.name())
                .putNull("name")
                .put("is_anonymous", user.name().equals(Call.DEFAULT_USER))
                .put("session_id", user.name());
        String time = time(user.createdAt());
        call.reply(json.put("created_at", time).put("updated_at", time));
    }
}
