package io.github.difyjakarta.client.workflow;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.call.Generation;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.call.Paging;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.WorkflowStatus;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Runs of a workflow; {@link #attach}, {@link #detail} and the logs are also for those of a chatflow. A run is Dify's: it goes
 * on when its connection is lost, and can be found again by its id. Thread-safe.
 */
public final class Workflows {
    private static final String STOP = "/workflows/tasks/{}/stop";

    private final Calls calls;
    private final Generation generation;

    /** Runs of an app. */
    public Workflows(Calls calls) {
        this.calls = calls;
        this.generation = new Generation(calls, STOP);
    }

    // ---- runs

    /**
     * Begins a run, and streams it: {@code POST /workflows/run}, or {@code POST /workflows/{workflow_id}/run} for a version.
     * Returns at once; whether Dify accepts shows at the stream. Who leaves the stream stops the run.
     */
    public DifyStream stream(WorkflowRequest request) {
        return generation.stream(request(request, "streaming"), request.user());
    }

    /**
     * Runs it, and waits for its end, or for a human. When the connection is lost meanwhile the run is found again: by its
     * events, since Dify 1.14, or else by asking for its detail. It is never begun twice.
     *
     * @throws io.github.difyjakarta.client.error.DifyException when it failed, or its end is not known in time
     */
    public Answer run(WorkflowRequest request) {
        return Calls.await(runAsync(request));
    }

    /** The same without waiting. Cancelling the future stops the run. */
    public CompletableFuture<Answer> runAsync(WorkflowRequest request) {
        DifyStream stream = generation.watch(request(request, "streaming"), request.user());
        return new RunFollower(calls, this, request.user(), Pace.DEFAULT).follow(stream);
    }

    /** Runs it with {@code response_mode=blocking} on the wire, for servers that cannot stream, and waits. */
    public Answer runUnstreamed(WorkflowRequest request) {
        return Calls.await(runUnstreamedAsync(request));
    }

    /** The same without waiting. Cancelling the future closes the connection; the run may go on at Dify. */
    public CompletableFuture<Answer> runUnstreamedAsync(WorkflowRequest request) {
        return generation.unstreamed(request(request, "blocking"));
    }

    private static Request request(WorkflowRequest request, String mode) {
        return request.version()
                .map(id -> Request.post("/workflows/{}/run", id).since("1.7.2"))
                .orElseGet(() -> Request.post("/workflows/run"))
                .json(request.toBody(mode));
    }

    /**
     * Ends a run, and waits: {@code POST /workflows/tasks/{task_id}/stop}. Dify says yes to anything: the stream tells.
     *
     * @param taskId from the stream's events
     */
    public void stop(String user, String taskId) {
        Calls.await(stopAsync(user, taskId));
    }

    /** The same without waiting. */
    public CompletableFuture<Void> stopAsync(String user, String taskId) {
        return generation.stop(user, taskId);
    }

    // ---- runs that go on

    /**
     * Joins a run of the same user, also one of a chatflow: {@code GET /workflow/{workflow_run_id}/events}, since Dify 1.14. It
     * begins with what has happened so far; texts of a run that still works are not among that. Who leaves does not stop the
     * run. Two readers of one run disturb each other at Dify: leave the first, and wait a second or two.
     */
    public DifyStream attach(String user, String workflowRunId) {
        return attach(user, workflowRunId, true, false);
    }

    /**
     * The same in detail.
     *
     * @param snapshot whether it begins with what has happened so far; a run that has ended is told by one event either way
     * @param continueOnPause whether the stream stays open where the run waits for a human
     */
    public DifyStream attach(String user, String workflowRunId, boolean snapshot, boolean continueOnPause) {
        Request request = Request.get("/workflow/{}/events", Require.uuid("workflowRunId", workflowRunId))
                .query("user", Require.text("user", user))
                .query("include_state_snapshot", snapshot)
                .query("continue_on_pause", continueOnPause)
                .since("1.14.0");
        boolean chatflow = calls.session()
                .mode()
                .filter(mode -> mode == AppMode.ADVANCED_CHAT)
                .isPresent();
        return new Generation(calls, chatflow ? "/chat-messages/{}/stop" : STOP).watch(request, user);
    }

    /**
     * A run as it is stored: {@code GET /workflows/run/{workflow_run_id}}, and waits. Whose run it is does not matter to Dify:
     * check before you show it to somebody.
     */
    public RunDetail detail(String workflowRunId) {
        return Calls.await(detailAsync(workflowRunId));
    }

    /** The same without waiting. */
    public CompletableFuture<RunDetail> detailAsync(String workflowRunId) {
        return calls.send(
                Request.get("/workflows/run/{}", Require.uuid("workflowRunId", workflowRunId)), RunDetail::new);
    }

    /**
     * Waits until a run has ended or is {@linkplain WorkflowStatus#PAUSED paused}, asking each second at first, each ten later.
     *
     * @param deadline for all of it; longer than 0
     * @throws io.github.difyjakarta.client.error.DifyConnectionException {@code upstream_timeout} when it still runs then
     */
    public RunDetail await(String workflowRunId, Duration deadline) {
        return Calls.await(awaitAsync(workflowRunId, deadline));
    }

    /** The same without waiting. */
    public CompletableFuture<RunDetail> awaitAsync(String workflowRunId, Duration deadline) {
        Require.uuid("workflowRunId", workflowRunId);
        return new RunPoll(calls, () -> detailAsync(workflowRunId), deadline, RunPoll.FIRST).start();
    }

    // ---- logs

    /** Runs, latest first, asked for page by page as the stream is read. Not for browsers: they are everybody's. */
    public Stream<RunLog> logs(LogQuery query) {
        return Paging.byNumber(number -> Calls.await(logsAsync(query, number, Paging.LARGEST_PAGE)));
    }

    /**
     * A page of runs: {@code GET /workflows/logs}.
     *
     * <p>A server that is too old for a part of the query would answer as if that were not there, with the runs of others: that
     * is a {@link io.github.difyjakarta.client.error.DifyUnsupportedException}.
     *
     * @param page from 1 to 99,999
     * @param limit 1 to 100
     */
    public CompletableFuture<Page<RunLog>> logsAsync(LogQuery query, int page, int limit) {
        return calls.send(
                query.on(Request.get("/workflows/logs"))
                        .query("page", Require.range("page", page, 1, 99_999))
                        .query("limit", Require.limit(limit)),
                json -> Page.of(json, RunLog::new));
    }
}
