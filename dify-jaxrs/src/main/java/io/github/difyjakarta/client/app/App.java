package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.call.Paging;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** What an app says of itself, and what its users think of it. Thread-safe. */
public final class App {
    private final Calls calls;

    /** Pages of an app. */
    public App(Calls calls) {
        this.calls = calls;
    }

    /** Its name and mode: {@code GET /info}, and waits. */
    public AppInfo info() {
        return Calls.await(infoAsync());
    }

    /** The same without waiting. */
    public CompletableFuture<AppInfo> infoAsync() {
        return calls.send(Request.get("/info"), AppInfo::new);
    }

    /** How it wants to be presented: {@code GET /parameters}, and waits. */
    public AppParameters parameters() {
        return Calls.await(parametersAsync());
    }

    /** The same without waiting. */
    public CompletableFuture<AppParameters> parametersAsync() {
        return calls.send(Request.get("/parameters"), AppParameters::of);
    }

    /** Icons of its tools: {@code GET /meta}, and waits. */
    public AppMeta meta() {
        return Calls.await(metaAsync());
    }

    /** The same without waiting. */
    public CompletableFuture<AppMeta> metaAsync() {
        return calls.send(Request.get("/meta"), AppMeta::of);
    }

    /** How Dify's own page of it looks: {@code GET /site}, since Dify 1.4.0, and waits. */
    public Site site() {
        return Calls.await(siteAsync());
    }

    /** The same without waiting. */
    public CompletableFuture<Site> siteAsync() {
        return calls.send(Request.get("/site").since("1.4.0"), Site::new);
    }

    /** What all its users think, latest first, asked for page by page as the stream is read. Not for browsers. */
    public Stream<Feedback> feedbacks() {
        return Paging.byNumber(number -> Calls.await(feedbacksAsync(number, Paging.LARGEST_PAGE)));
    }

    /**
     * A page of it: {@code GET /app/feedbacks}, since Dify 1.4.0. Dify does not say whether there are more: a full page means
     * that there may be.
     *
     * @param page from 1
     * @param limit 1 to 100
     */
    public CompletableFuture<Page<Feedback>> feedbacksAsync(int page, int limit) {
        return calls.send(
                Request.get("/app/feedbacks")
                        .query("page", Require.range("page", page, 1, Integer.MAX_VALUE))
                        .query("limit", Require.limit(limit))
                        .since("1.4.0"),
                json -> Page.of(json, Feedback::new));
    }
}
