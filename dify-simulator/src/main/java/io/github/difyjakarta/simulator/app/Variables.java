package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Variables of conversations; those of chat and agent apps have none. Confined to the event loop. */
final class Variables {

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_\\-.]+");
    private static final Pattern SUSPICIOUS = Pattern.compile("--|xp_|sp_");

    private final Settings settings;
    private final Store store;

    Variables(Settings settings, Store store) {
        this.settings = settings;
        this.store = store;
    }

    void list(Call call) {
        String user = call.userOfQuery();
        Modes.requireChat(settings);
        Validation fields = Validation.ofQuery("ConversationVariablesQuery", call.query());
        String lastId = fields.uuid("last_id", false, "must be a valid UUID");
        int limit = fields.limit();
        String name = name(fields);
        fields.check();
        List<Variable> variables = variables(call, user);
        if (!name.isEmpty()) {
            // PostgreSQL has no json_extract_path_text for a text, which is what Dify asks of it.
            throw Refusal.unknown();
        }
        int from = lastId.isEmpty() ? 0 : 1 + position(variables, lastId);
        int to = Math.min(variables.size(), from + limit);
        ObjectNode page = Json.object().put("limit", limit).put("has_more", to < variables.size());
        page.putArray("data")
                .addAll(variables.subList(from, to).stream().map(Variable::json).toList());
        call.reply(page);
    }

    void set(Call call) {
        String user = call.userOfBody();
        Modes.requireChat(settings);
        Validation fields = new Validation("ConversationVariableUpdatePayload", call.body());
        JsonNode value = fields.any("value");
        fields.check();
        Variable variable = variables(call, user).stream()
                .filter(candidate -> candidate.id().equals(call.secondVariable()))
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("Conversation Variable Not Exists."));
        variable.set(value, Instant.now());
        call.reply(variable.json());
    }

    private static String name(Validation fields) {
        String name = fields.text("variable_name", false);
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            fields.wrongValue(
                    "variable_name",
                    "Variable name can only contain letters, numbers, hyphens (-), underscores (_), and periods (.)");
        } else if (SUSPICIOUS.matcher(name).find()) {
            fields.wrongValue("variable_name", "Variable name contains invalid characters");
        }
        return name;
    }

    private List<Variable> variables(Call call, String user) {
        Conversation conversation = store.conversation(call.variable(), user)
                .orElseThrow(() -> Refusal.notFound("Conversation Not Exists."));
        return settings.isChatflow() ? conversation.variables() : List.of();
    }

    /** An unknown one is refused without a word. */
    private static int position(List<Variable> variables, String id) {
        return IntStream.range(0, variables.size())
                .filter(i -> variables.get(i).id().equals(id))
                .findFirst()
                .orElseThrow(() -> Refusal.invalidParam(""));
    }
}
