package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.HttpRequest;
import io.github.difyjakarta.simulator.http.Multipart;
import io.github.difyjakarta.simulator.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A request that has found its endpoint. Its checks refuse in Dify's order: key, user, mode, fields. One thread. */
final class Call {

    static final String DEFAULT_USER = "DEFAULT-USER";

    private final Exchange exchange;
    private final List<String> variables;
    private Consumer<String> onUser = user -> {};
    private @Nullable JsonNode body;
    private @Nullable Multipart form;

    /** With the variables of the path in their order. */
    Call(Exchange exchange, List<String> variables) {
        this.exchange = exchange;
        this.variables = variables;
    }

    Exchange exchange() {
        return exchange;
    }

    HttpRequest request() {
        return exchange.request();
    }

    String variable() {
        return variables.get(0);
    }

    /** The second variable of the path. */
    String secondVariable() {
        return variables.get(1);
    }

    /** Where the client reached us, without a path. */
    String origin() {
        return "http://" + request().header("host").orElse("127.0.0.1");
    }

    /** Tells of the user once the endpoint has asked for it: every user that is named is remembered. */
    void onUser(Consumer<String> listener) {
        onUser = listener;
    }

    void reply(JsonNode json) {
        reply(200, json);
    }

    void reply(int status, JsonNode json) {
        exchange.reply(Reply.json(status, Json.spaced(json) + "\n"));
    }

    void success() {
        reply(Json.object().put("result", "success"));
    }

    void checkKey(String key) {
        String header = request().header("authorization").orElse("");
        int blank = header.indexOf(' ');
        if (blank < 0) {
            throw Refusal.unauthorized("Authorization header must be provided and start with 'Bearer'");
        }
        if (!header.substring(0, blank).toLowerCase(Locale.ROOT).equals("bearer")) {
            throw Refusal.unauthorized("Authorization scheme must be 'Bearer'");
        }
        if (!header.substring(blank + 1).strip().equals(key)) {
            throw Refusal.unauthorized("Access token is invalid");
        }
    }

    JsonNode body() {
        if (body == null) {
            String type =
                    request().header("content-type").orElse("").split(";", 2)[0].strip();
            if (!type.equalsIgnoreCase("application/json")) {
                throw Refusal.notJson();
            }
            body = Json.parse(request().body()).orElseThrow(Refusal::malformedJson);
            if (!body.isObject()) {
                throw Refusal.unknown();
            }
        }
        return body;
    }

    /** Empty if the request is no form. */
    Multipart form() {
        if (form == null) {
            form = Multipart.of(request());
        }
        return form;
    }

    String userOfForm() {
        return orDefault(form().field("user").orElse(""));
    }

    String requiredUserOfBody() {
        return required(body().path("user").asText(""));
    }

    String userOfBody() {
        return orDefault(body().path("user").asText(""));
    }

    String requiredUserOfQuery() {
        return required(query().getOrDefault("user", ""));
    }

    String userOfQuery() {
        return orDefault(query().getOrDefault("user", ""));
    }

    Map<String, String> query() {
        return Paths.parameters(Paths.query(request()));
    }

    private String required(String user) {
        if (user.isEmpty()) {
            throw Refusal.invalidParam("Arg user must be provided.");
        }
        onUser.accept(user);
        return user;
    }

    private String orDefault(String user) {
        return required(user.isEmpty() ? DEFAULT_USER : user);
    }
}
