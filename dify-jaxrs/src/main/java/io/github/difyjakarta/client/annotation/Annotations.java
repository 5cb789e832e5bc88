package io.github.difyjakarta.client.annotation;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.call.Paging;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Annotations of an app, since Dify 1.2. They belong to the app, not to a user: not for browsers. Thread-safe. */
public final class Annotations {
    private static final String PATH = "/apps/annotations";
    private static final String SINCE = "1.2.0";

    private final Calls calls;

    /** Annotations of an app. */
    public Annotations(Calls calls) {
        this.calls = calls;
    }

    /** All of them, asked for page by page as the stream is read. */
    public Stream<Annotation> all() {
        return Paging.byNumber(number -> Calls.await(listAsync(Optional.empty(), number, Paging.LARGEST_PAGE)));
    }

    /** All with a word in question or answer. */
    public Stream<Annotation> search(String keyword) {
        return Paging.byNumber(number -> Calls.await(listAsync(Optional.of(keyword), number, Paging.LARGEST_PAGE)));
    }

    /**
     * A page: {@code GET /apps/annotations}. Whether there are more is told by {@code total}: Dify's {@code has_more} is wrong
     * where a page is just full.
     *
     * @param keyword in question or answer
     * @param page from 1
     * @param limit 1 to 100
     */
    public CompletableFuture<Page<Annotation>> listAsync(Optional<String> keyword, int page, int limit) {
        return calls.send(
                Request.get(PATH)
                        .query("page", Require.range("page", page, 1, Integer.MAX_VALUE))
                        .query("limit", Require.limit(limit))
                        .query("keyword", keyword)
                        .since(SINCE),
                json -> Page.of(json, Annotation::new));
    }

    /** Adds one: {@code POST /apps/annotations}, and waits. */
    public Annotation create(String question, String answer) {
        return Calls.await(createAsync(question, answer));
    }

    /** The same without waiting. */
    public CompletableFuture<Annotation> createAsync(String question, String answer) {
        return calls.send(Request.post(PATH).json(body(question, answer)).since(SINCE), Annotation::new);
    }

    /** Changes one: {@code PUT /apps/annotations/{annotation_id}}, since Dify 1.3.1, and waits. */
    public Annotation update(String annotationId, String question, String answer) {
        return Calls.await(updateAsync(annotationId, question, answer));
    }

    /** The same without waiting. */
    public CompletableFuture<Annotation> updateAsync(String annotationId, String question, String answer) {
        return calls.send(
                Request.put(PATH + "/{}", Require.uuid("annotationId", annotationId))
                        .json(body(question, answer))
                        .asRepeatable()
                        .since("1.3.1"),
                Annotation::new);
    }

    private static Map<String, Object> body(String question, String answer) {
        return Map.of("question", Require.text("question", question), "answer", Require.text("answer", answer));
    }

    /** Deletes one: {@code DELETE /apps/annotations/{annotation_id}}, and waits. */
    public void delete(String annotationId) {
        Calls.await(deleteAsync(annotationId));
    }

    /** The same without waiting. */
    public CompletableFuture<Void> deleteAsync(String annotationId) {
        return calls.sendOnly(Request.delete(PATH + "/{}", Require.uuid("annotationId", annotationId))
                .since(SINCE));
    }

    // ---- replies

    /** Has Dify answer with annotations: {@code POST /apps/annotation-reply/enable}, and waits for the job's beginning. */
    public ReplyJob enableReply(ReplySettings settings) {
        return Calls.await(enableReplyAsync(settings));
    }

    /** The same without waiting. */
    public CompletableFuture<ReplyJob> enableReplyAsync(ReplySettings settings) {
        return switchReply(true, settings);
    }

    /** The contrary: {@code POST /apps/annotation-reply/disable}. */
    public ReplyJob disableReply(ReplySettings settings) {
        return Calls.await(disableReplyAsync(settings));
    }

    /** The same without waiting. */
    public CompletableFuture<ReplyJob> disableReplyAsync(ReplySettings settings) {
        return switchReply(false, settings);
    }

    private CompletableFuture<ReplyJob> switchReply(boolean on, ReplySettings settings) {
        return calls.send(
                Request.post("/apps/annotation-reply/{}", action(on))
                        .json(settings.toBody())
                        .since(SINCE),
                json -> ReplyJob.of(on, json));
    }

    /**
     * How far a job is now: {@code GET /apps/annotation-reply/{action}/status/{job_id}}, and waits. Dify forgets jobs after a
     * while: then 400 {@code invalid_param}.
     */
    public ReplyJob status(ReplyJob job) {
        return Calls.await(statusAsync(job));
    }

    /** The same without waiting. */
    public CompletableFuture<ReplyJob> statusAsync(ReplyJob job) {
        return calls.send(
                Request.get(
                                "/apps/annotation-reply/{}/status/{}",
                                action(job.enabling()),
                                Require.uuid("job", job.id()))
                        .since(SINCE),
                json -> ReplyJob.of(job.enabling(), json));
    }

    private static String action(boolean on) {
        return on ? "enable" : "disable";
    }
}
