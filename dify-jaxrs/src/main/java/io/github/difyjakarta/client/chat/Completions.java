package io.github.difyjakarta.client.chat;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.call.Generation;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.event.Answer;
import java.util.concurrent.CompletableFuture;

/** Texts of a completion app. Thread-safe. */
public final class Completions {
    private static final String PATH = "/completion-messages";

    private final Generation generation;

    /** Completions of an app. */
    public Completions(Calls calls) {
        this.generation = new Generation(calls, PATH + "/{}/stop");
    }

    /**
     * Begins a text, and streams it: {@code POST /completion-messages}, {@code response_mode=streaming}. Returns at once;
     * whether Dify accepts shows at the stream.
     */
    public DifyStream stream(CompletionRequest request) {
        return generation.stream(Request.post(PATH).json(request.toBody("streaming")), request.user());
    }

    /**
     * Waits for the whole text. It streams underneath, since proxies cut silent connections after a minute.
     *
     * @throws io.github.difyjakarta.client.error.DifyException when the text is not whole
     */
    public Answer complete(CompletionRequest request) {
        return stream(request).collect();
    }

    /** The same without waiting. Cancelling the future stops the run. */
    public CompletableFuture<Answer> completeAsync(CompletionRequest request) {
        return stream(request).collectAsync();
    }

    /** The same with {@code response_mode=blocking} on the wire, for servers that cannot stream, and waits. */
    public Answer completeUnstreamed(CompletionRequest request) {
        return Calls.await(completeUnstreamedAsync(request));
    }

    /** The same without waiting. Cancelling the future closes the connection; the run may go on at Dify. */
    public CompletableFuture<Answer> completeUnstreamedAsync(CompletionRequest request) {
        return generation.unstreamed(Request.post(PATH).json(request.toBody("blocking")));
    }

    /**
     * Ends a run, and waits: {@code POST /completion-messages/{task_id}/stop}. Dify says yes to anything, and stops only what
     * the same user began: the stream tells.
     *
     * @param user who began the run
     * @param taskId from the stream's events
     */
    public void stop(String user, String taskId) {
        Calls.await(stopAsync(user, taskId));
    }

    /** The same without waiting. */
    public CompletableFuture<Void> stopAsync(String user, String taskId) {
        return generation.stop(user, taskId);
    }
}
