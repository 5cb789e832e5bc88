package io.github.difyjakarta.simulator.app;

import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.HttpRequest;
import io.github.difyjakarta.simulator.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The simulated app: which endpoint answers what. Confined to the event loop. */
public final class App {

    private final Settings settings;
    private final Routes routes;

    /** Tells onStream of each answer that will be streamed, before it begins. */
    public App(EventLoop loop, Settings settings, Consumer<Exchange> onStream) {
        this.settings = settings;
        Store store = new Store();
        Chats chats = new Chats(loop, settings, store, onStream);
        Histories histories = new Histories(settings, store);
        routes = new Routes()
                // Dify has a page there, but flask-restx as installed by its lock file hides it.
                .add("GET", "/", call -> call.exchange()
                        .reply(Reply.htmlNotFound().matchedByRoute()))
                .add("POST", "/chat-messages", keyed(chats::ask))
                .add("POST", "/chat-messages/{text}/stop", keyed(chats::stop))
                .add("GET", "/conversations", keyed(histories::conversations))
                .add("DELETE", "/conversations/{uuid}", keyed(histories::delete))
                .add("POST", "/conversations/{uuid}/name", keyed(histories::rename))
                .add("GET", "/messages", keyed(histories::messages))
                .add("GET", "/messages/{uuid}/suggested", keyed(histories::suggested))
                .add("POST", "/messages/{uuid}/feedbacks", keyed(histories::feedback))
                .add("GET", "/info", keyed(call -> call.reply(AppPages.info(settings.mode()))))
                .add("GET", "/meta", keyed(call -> call.reply(AppPages.meta())))
                .add("GET", "/site", keyed(call -> call.reply(AppPages.site())))
                .add("GET", "/parameters", keyed(call -> call.reply(AppPages.parameters(settings.suggestions()))))
                .add("POST", "/workflows/run", keyed(call -> refuse(Modes.notWorkflow(settings))))
                .add("POST", "/completion-messages", keyed(call -> refuse(Modes.unavailable())));
    }

    /** Answers, now or bit by bit. */
    public void answer(Exchange exchange) {
        if (Paths.isBelowBase(exchange.request())) {
            routes.answer(exchange);
        } else if (Paths.of(exchange.request()).equals(Paths.BASE)) {
            exchange.reply(
                    Reply.redirect("http://" + exchange.request().header("host").orElse("") + Paths.BASE + "/"));
        } else {
            exchange.reply(Reply.htmlNotFound());
        }
    }

    /** A Dify 1.16.0 by its headers: those for other origins only where it knows the path. */
    public static List<Reply.Header> signature(HttpRequest request, boolean matched) {
        Optional<String> origin = request.header("origin").filter(sent -> matched);
        List<Reply.Header> headers = new ArrayList<>();
        if (matched) {
            headers.add(new Reply.Header("Access-Control-Allow-Origin", origin.orElse("*")));
            headers.add(new Reply.Header("Access-Control-Expose-Headers", "X-Env, X-Trace-Id, X-Version"));
        }
        headers.add(new Reply.Header("X-Version", "1.16.0"));
        headers.add(new Reply.Header("X-Env", "PRODUCTION"));
        headers.add(new Reply.Header("Vary", origin.isPresent() ? "Origin, Cookie" : "Cookie"));
        return headers;
    }

    private Consumer<Call> keyed(Consumer<Call> endpoint) {
        return call -> {
            call.checkKey(settings.key());
            endpoint.accept(call);
        };
    }

    private static void refuse(Refusal refusal) {
        throw refusal;
    }
}
