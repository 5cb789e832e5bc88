package io.github.difyjakarta.client.call;

import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.BlockingBody;
import io.github.difyjakarta.client.event.Outcome;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the generating endpoints have in common: a stream, an answer in one piece, a stop. Thread-safe. */
public final class Generation {
    private final Calls calls;
    private final String stopPath;

    /**
     * @param stopPath of the endpoint that ends a task, with {@code {}} for its id
     */
    public Generation(Calls calls, String stopPath) {
        this.calls = calls;
        this.stopPath = stopPath;
    }

    /** Streams what a request with {@code response_mode=streaming} is answered with. */
    public DifyStream stream(Request request, String user) {
        return calls.stream(request, taskId -> stop(user, taskId));
    }

    /** The same for a reader that does not end the run when it leaves. */
    public DifyStream watch(Request request, String user) {
        return calls.watch(request, taskId -> stop(user, taskId));
    }

    /** One answer without a stream on the wire. */
    public CompletableFuture<Answer> unstreamed(Request request) {
        return Calls.map(
                calls.exchange(request.within(blockingTimeout())), reply -> answer(reply, request.conversation()));
    }

    private Duration blockingTimeout() {
        return calls.session()
                .mode()
                .filter(mode -> mode == AppMode.CHAT || mode == AppMode.COMPLETION)
                .map(mode -> calls.timeouts().blocking())
                .orElse(calls.timeouts().blockingComplex());
    }

    private static Answer answer(JsonCall.Reply reply, Optional<String> conversation) {
        Answer answer = BlockingBody.read(reply.json());
        DifyApiException.Reply whole =
                ErrorReply.of(reply.head(), Optional.empty(), reply.json().json());
        if (answer.outcome() instanceof Outcome.Failed failed) {
            throw new DifyApiException(failed.status(), failed.code(), failed.message(), whole);
        }
        if (new Continuation(conversation).isBrokenBy(answer.conversationId())) {
            throw Continuation.refusal(whole);
        }
        return answer;
    }

    /** Dify says yes to any stop, as often as it is asked; so it may be sent again. */
    public CompletableFuture<Void> stop(String user, String taskId) {
        return calls.sendOnly(Request.post(stopPath, Require.text("taskId", taskId))
                .json(Map.of("user", Require.text("user", user)))
                .asRepeatable()
                .uncounted()
                .within(calls.timeouts().stop()));
    }
}
