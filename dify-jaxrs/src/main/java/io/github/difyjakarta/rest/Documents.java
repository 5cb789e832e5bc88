package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.json.DifyJson;
import io.github.difyjakarta.relay.RelayError;
import jakarta.servlet.AsyncContext;
import jakarta.ws.rs.container.AsyncResponse;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Answers that are JSON documents, given when Dify has answered: the request thread has long returned by then. Written as
 * bytes: the server's own JSON binding has no part in it.
 */
final class Documents {
    private static final System.Logger LOGGER = System.getLogger(Documents.class.getName());
    private static final Reply SUCCESS = Reply.document("{\"result\":\"success\"}");

    private Documents() {}

    /** Answers with what Dify did, or with the problem that came instead. To be called in the request thread. */
    static <T> void answer(
            Entrance entrance, AsyncResponse response, CompletionStage<T> call, Function<T, DifyJson> json) {
        reply(
                entrance,
                response,
                call,
                result -> Reply.document(json.apply(result).json()));
    }

    /** The same for a call that is content with a yes. */
    static void success(Entrance entrance, AsyncResponse response, CompletionStage<?> call) {
        reply(entrance, response, call, done -> SUCCESS);
    }

    /** The same with nothing to say. */
    static void noContent(Entrance entrance, AsyncResponse response, CompletionStage<?> call) {
        reply(entrance, response, call, done -> Reply.NO_CONTENT);
    }

    /**
     * The same for an answer that does not follow from success alone. A thread of the server's writes it: it may have to wait
     * for a slow browser, and the threads of the client never do.
     */
    static <T> void reply(
            Entrance entrance, AsyncResponse response, CompletionStage<T> call, Function<T, Reply> reply) {
        settle(entrance, response, call.thenApply(reply).exceptionally(failure -> Reply.problem(error(failure))));
    }

    /** What is to be told of a call that failed, or of what was found wrong on its way. */
    static RelayError error(Throwable failure) {
        return Calls.unwrapped(failure) instanceof Problem problem ? problem.error() : RelayError.of(failure);
    }

    /** The same for an answer that comes in any case. */
    static void settle(Entrance entrance, AsyncResponse response, CompletionStage<Reply> reply) {
        AsyncContext exchange = entrance.request().getAsyncContext();
        reply.thenAccept(answer -> exchange.start(() -> response.resume(answer.toResponse())))
                .whenComplete((started, failure) -> {
                    if (failure != null) {
                        LOGGER.log(System.Logger.Level.DEBUG, "The server has ended this exchange already", failure);
                    }
                });
    }
}
