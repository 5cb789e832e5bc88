package io.github.difyjakarta.client.chat;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.call.Generation;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.event.Answer;
import java.util.concurrent.CompletableFuture;

/** Questions to a chat, agent or chatflow app. Thread-safe. */
public final class Chat {
    private static final String PATH = "/chat-messages";

    private final Generation generation;

    /** Chat with an app. */
    public Chat(Calls calls) {
        this.generation = new Generation(calls, PATH + "/{}/stop");
    }

    /**
     * Asks, and streams the answer: {@code POST /chat-messages}, {@code response_mode=streaming}. Returns at once; whether
     * Dify accepts shows at the stream.
     *
     * <p>Who names a conversation that Dify does not know is refused, 404 {@code not_found}, also where Dify 1.15 begins another
     * one in its place, whose run is stopped then. Chatflows of 1.13 and 1.14 hang instead, until {@code timeout.first-event}.
     */
    public DifyStream stream(ChatRequest question) {
        return generation.stream(request(question, "streaming"), question.user());
    }

    /**
     * Asks, and waits for the whole answer. It streams underneath, since proxies cut silent connections after a minute and
     * agents refuse to answer otherwise.
     *
     * @throws io.github.difyjakarta.client.error.DifyException when the answer is not whole
     */
    public Answer ask(ChatRequest question) {
        return stream(question).collect();
    }

    /** The same without waiting. Cancelling the future stops the run. */
    public CompletableFuture<Answer> askAsync(ChatRequest question) {
        return stream(question).collectAsync();
    }

    /**
     * Asks with {@code response_mode=blocking} on the wire, for servers that cannot stream, within {@code timeout.blocking} or
     * {@code timeout.blocking-complex}, and waits.
     */
    public Answer askUnstreamed(ChatRequest question) {
        return Calls.await(askUnstreamedAsync(question));
    }

    /** The same without waiting. Cancelling the future closes the connection; the run may go on at Dify. */
    public CompletableFuture<Answer> askUnstreamedAsync(ChatRequest question) {
        return generation.unstreamed(request(question, "blocking"));
    }

    private static Request request(ChatRequest question, String mode) {
        Request request = Request.post(PATH).json(question.toBody(mode)).goingOnWith(question.conversationId());
        return question.workflowId().isPresent() ? request.since("1.7.2", "workflow_id") : request;
    }

    /**
     * Ends a run, and waits: {@code POST /chat-messages/{task_id}/stop}. Dify says yes to anything, so success does not mean
     * that something stopped: the stream tells.
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
