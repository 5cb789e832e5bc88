package io.github.difyjakarta.simulator.app;

import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.HttpRequest;
import io.github.difyjakarta.simulator.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the endpoint of a request; answers itself where there is none, and preflights. Built once, then immutable. */
final class Routes {

    private static final String UUID = "([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})";

    private record Route(String method, Pattern path, Consumer<Call> endpoint) {}

    private final List<Route> routes = new ArrayList<>();
    private final Version version;
    private final Dialect dialect;

    /** Leaves out what this release did not have. */
    Routes(Version version) {
        this.version = version;
        this.dialect = new Dialect(version);
    }

    /** In the path {@code {uuid}} stands for a UUID and {@code {text}} for anything without a slash. */
    Routes add(String method, String path, Consumer<Call> endpoint) {
        if (Releases.has(version, method, path)) {
            String regex = path.replace("{uuid}", UUID).replace("{text}", "([^/]+)");
            routes.add(new Route(method, Pattern.compile(regex), endpoint));
        }
        return this;
    }

    void answer(Exchange exchange) {
        HttpRequest request = exchange.request();
        List<Route> matching = routes.stream()
                .filter(route -> route.path().matcher(Paths.of(request)).matches())
                .toList();
        if (matching.isEmpty()) {
            exchange.reply(Reply.htmlNotFound());
            return;
        }
        if (request.method().equals("OPTIONS")) {
            exchange.reply(preflight(request, matching));
            return;
        }
        String method = request.method().equals("HEAD") ? "GET" : request.method();
        Optional<Route> route = matching.stream()
                .filter(candidate -> candidate.method().equals(method))
                .findFirst();
        try {
            route.orElseThrow(Refusal::methodNotAllowed)
                    .endpoint()
                    .accept(new Call(exchange, variables(route.get(), request)));
        } catch (Refusal refusal) {
            exchange.reply(dialect.refusal(refusal.reply()));
        }
    }

    private static List<String> variables(Route route, HttpRequest request) {
        Matcher matcher = route.path().matcher(Paths.of(request));
        List<String> variables = new ArrayList<>();
        if (matcher.matches()) {
            for (int i = 1; i <= matcher.groupCount(); i++) {
                variables.add(matcher.group(i));
            }
        }
        return List.copyOf(variables);
    }

    private static Reply preflight(HttpRequest request, List<Route> matching) {
        TreeSet<String> methods = new TreeSet<>(List.of("OPTIONS"));
        matching.forEach(route -> methods.add(route.method()));
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        Reply reply = new Reply(200, "text/html; charset=utf-8", "", List.of(), true)
                .withHeader("Allow", String.join(", ", methods));
        Optional<String> asked = request.header("access-control-request-headers");
        if (asked.isEmpty()) {
            return reply;
        }
        return reply.withHeader("Access-Control-Allow-Headers", asked.get().replaceAll(",\\s*", ", "))
                .withHeader("Access-Control-Allow-Methods", "DELETE, GET, OPTIONS, PATCH, POST, PUT");
    }
}
