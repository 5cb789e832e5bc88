package io.github.difyjakarta.simulator;

import java.util.function.Consumer;

/** The simulated app: which endpoint answers what. Confined to the event loop. */
final class App {

    private final Settings settings;
    private final Routes routes;

    App(EventLoop loop, Settings settings, Consumer<Exchange> onStream) {
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

    void answer(Exchange exchange) {
        if (exchange.isBelowBase()) {
            routes.answer(exchange);
        } else if (exchange.request().path().equals(Paths.BASE)) {
            exchange.reply(
                    Reply.redirect("http://" + exchange.request().header("host").orElse("") + Paths.BASE + "/"));
        } else {
            exchange.reply(Reply.htmlNotFound());
        }
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
