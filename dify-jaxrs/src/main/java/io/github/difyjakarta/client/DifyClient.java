package io.github.difyjakarta.client;

import io.github.difyjakarta.client.event.Answer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;

/**
 * One Dify app. Thread-safe; make one and keep it: it owns a connection pool and a few threads.
 *
 * <p>Every call acts for one user, whom Dify takes at the caller's word: pass only names you have authenticated. Blocking
 * calls can be interrupted. All failures are {@link DifyException}s; a stage that
 * fails has one as the cause of its {@code CompletionException}.
 */
public interface DifyClient extends AutoCloseable {
    /** A client with threads of its own, which {@link #close()} ends. */
    static DifyClient create(DifyConfig config) {
        return HttpDifyClient.standalone(config);
    }

    /**
     * A client that uses a scheduler of its surroundings, such as a container's managed one.
     *
     * @param scheduler for deadlines and retries; tasks are short and never block. Not shut down by {@link #close()}
     */
    static DifyClient create(DifyConfig config, ScheduledExecutorService scheduler) {
        return HttpDifyClient.hosted(config, scheduler);
    }

    /** A client for another app that shares this one's pool and threads, and ends with it at the latest. */
    DifyClient with(DifyConfig other);

    /**
     * Asks, and streams the answer: {@code POST /chat-messages}, {@code response_mode=streaming}. Returns at once; whether
     * Dify accepts shows at the stream. A generation is never sent twice, unless Dify provably did not begin it.
     */
    ChatStream streamChat(ChatRequest request);

    /**
     * Asks, and waits for the whole answer. It streams underneath, since proxies cut silent connections after a minute and
     * agents refuse to answer otherwise.
     *
     * @throws DifyException when the answer is not whole
     */
    Answer chat(ChatRequest request);

    /** The same without waiting. Cancelling the stage's future stops the run. */
    CompletionStage<Answer> chatAsync(ChatRequest request);

    /**
     * Asks with {@code response_mode=blocking} on the wire, within {@link Timeouts#blocking()}; for servers that cannot
     * stream.
     */
    CompletionStage<Answer> chatBlocking(ChatRequest request);

    /**
     * Ends a run: {@code POST /chat-messages/{task_id}/stop}. Dify says yes to anything, so success does not mean that
     * something stopped: the stream tells.
     *
     * @param taskId from the stream's events
     * @param user who began the run
     */
    CompletionStage<Void> stopChat(String taskId, String user);

    /** {@code GET /parameters}. */
    CompletionStage<AppParameters> parameters();

    /** {@code GET /info}. */
    CompletionStage<AppInfo> info();

    /** Ends open streams and, where they are its own, connections and threads. Later calls fail. */
    @Override
    void close();
}
