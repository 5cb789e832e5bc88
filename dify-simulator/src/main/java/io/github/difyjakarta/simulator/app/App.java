package io.github.difyjakarta.simulator.app;

import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.HttpRequest;
import io.github.difyjakarta.simulator.http.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The simulated app: which endpoint answers what. Confined to the event loop. */
public final class App {

    private final Settings settings;
    private final EndUsers endUsers = new EndUsers();
    private final Routes routes;
    private final Routes outside;

    /** Tells onStream of each answer that will be streamed, before it begins. */
    public App(EventLoop loop, Settings settings, Consumer<Exchange> onStream) {
        this.settings = settings;
        Store store = new Store();
        Streams streams = new Streams(loop, settings, onStream);
        Slots slots = new Slots(settings);
        Answers answers = new Answers(streams, slots);
        Runs runs = new Runs(streams, slots);
        Runless runless = new Runless(streams, slots);
        Uploads uploads = new Uploads();
        Files files = new Files(uploads, store);
        Attachments attachments = new Attachments(settings, uploads);
        AnnotationReply reply = new AnnotationReply();
        Annotations annotations = new Annotations(reply);
        Turns turns = new Turns(store, attachments);
        Chatflows chatflows = new Chatflows(settings, turns, attachments, annotations, runs, runless);
        Chats chats = new Chats(settings, turns, attachments, annotations, slots, answers, chatflows);
        Completions completions = new Completions(settings, store, slots, attachments, answers);
        Workflows workflows = new Workflows(settings, attachments, runs, runless);
        RunEvents events = new RunEvents(settings, streams, runs);
        Forms forms = new Forms(settings, runs);
        Histories histories = new Histories(settings, store);
        Feedbacks feedbacks = new Feedbacks(store);
        Variables variables = new Variables(settings, store);
        Speech speech = new Speech(settings, store);
        outside = new Routes(settings.version()).add("GET", "/files/{uuid}/file-preview", files::signed);
        routes = new Routes(settings.version())
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
                .add("POST", "/messages/{uuid}/feedbacks", keyed(feedbacks::give))
                .add("GET", "/app/feedbacks", keyed(feedbacks::list))
                .add("GET", "/conversations/{uuid}/variables", keyed(variables::list))
                .add("PUT", "/conversations/{uuid}/variables/{uuid}", keyed(variables::set))
                .add("POST", "/files/upload", keyed(files::upload))
                .add("GET", "/files/{uuid}/preview", keyed(files::preview))
                .add("GET", "/end-users/{uuid}", keyed(endUsers::get))
                .add("POST", "/audio-to-text", keyed(speech::toText))
                .add("POST", "/text-to-audio", keyed(speech::fromText))
                .add("GET", "/apps/annotations", keyed(annotations::list))
                .add("POST", "/apps/annotations", keyed(annotations::create))
                .add("POST", "/apps/annotations/{uuid}", keyed(annotations::update))
                .add("PUT", "/apps/annotations/{uuid}", keyed(annotations::update))
                .add("DELETE", "/apps/annotations/{uuid}", keyed(annotations::delete))
                .add("POST", "/apps/annotation-reply/{text}", keyed(reply::change))
                .add("GET", "/apps/annotation-reply/{text}/status/{uuid}", keyed(reply::status))
                .add("GET", "/info", keyed(call -> call.reply(streams.dialect().info(AppPages.info(settings.mode())))))
                .add("GET", "/meta", keyed(call -> call.reply(AppPages.meta(settings, call.origin()))))
                .add("GET", "/site", keyed(call -> call.reply(AppPages.site())))
                .add("GET", "/parameters", keyed(call -> call.reply(AppParameters.of(settings, reply))))
                .add("POST", "/completion-messages", keyed(completions::ask))
                .add("POST", "/completion-messages/{text}/stop", keyed(completions::stop))
                .add("POST", "/workflows/run", keyed(workflows::run))
                .add("POST", "/workflows/{text}/run", keyed(workflows::runVersion))
                .add("POST", "/workflows/tasks/{text}/stop", keyed(workflows::stop))
                .add("GET", "/workflows/run/{text}", keyed(workflows::detail))
                .add("GET", "/workflows/logs", keyed(workflows::logs))
                .add("GET", "/workflow/{uuid}/events", keyed(events::watch))
                .add("GET", "/form/human_input/{text}", keyed(forms::show))
                .add("POST", "/form/human_input/{text}", keyed(forms::submit));
    }

    /** Answers, now or bit by bit. */
    public void answer(Exchange exchange) {
        if (Paths.isBelowBase(exchange.request())) {
            routes.answer(exchange);
        } else if (Paths.of(exchange.request()).equals(Paths.BASE)) {
            exchange.reply(
                    Reply.redirect("http://" + exchange.request().header("host").orElse("") + Paths.BASE + "/"));
        } else {
            outside.answer(exchange);
        }
    }

    /** A Dify by its headers: those for other origins only where it knows the path. */
    public List<Reply.Header> signature(HttpRequest request, boolean matched) {
        Optional<String> origin = request.header("origin").filter(sent -> matched);
        List<Reply.Header> headers = new ArrayList<>();
        if (matched) {
            headers.add(new Reply.Header("Access-Control-Allow-Origin", origin.orElse("*")));
            headers.add(new Reply.Header("Access-Control-Expose-Headers", "X-Env, X-Trace-Id, X-Version"));
        }
        headers.add(new Reply.Header("X-Version", settings.version().toString()));
        headers.add(new Reply.Header("X-Env", "PRODUCTION"));
        headers.add(new Reply.Header("Vary", origin.isPresent() ? "Origin, Cookie" : "Cookie"));
        return headers;
    }

    private Consumer<Call> keyed(Consumer<Call> endpoint) {
        return call -> {
            call.checkKey(settings.key());
            call.onUser(user -> endUsers.appeared(user, Instant.now()));
            endpoint.accept(call);
        };
    }
}
