package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.relay.RelayError;
import jakarta.servlet.AsyncContext;
import jakarta.ws.rs.container.AsyncResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * A file that passes through to Dify. The request thread waits for its head alone; its bytes are read by threads of the
 * server's, one piece after the other as Dify takes them, and only so many files are on their way at once.
 */
final class Uploading {
    private static final RelayError BUSY = new RelayError(
            503,
            "too_many_uploads",
            "Too many files are being sent. Please try again.",
            true,
            Optional.of(Duration.ofSeconds(5)));

    private Uploading() {}

    /** What a file is sent to. */
    interface Target<T> {
        CompletionStage<T> send(IncomingFile file, Upload upload);
    }

    /**
     * Passes the file of a request on.
     *
     * @throws Problem for a request that has no such file, or when too many are on their way
     */
    static <T> void pass(
            Entrance entrance, AsyncResponse response, Visit visit, Target<T> target, Function<T, Reply> reply)
            throws IOException {
        Semaphore places = visit.clients().uploadPlaces();
        if (!places.tryAcquire()) {
            throw new Problem(BUSY);
        }
        CompletionStage<Reply> answer;
        try {
            answer = send(entrance, visit, target, reply);
        } catch (IOException | RuntimeException e) {
            places.release();
            throw e;
        }
        Documents.settle(entrance, response, answer.whenComplete((told, failure) -> places.release()));
    }

    private static <T> CompletionStage<Reply> send(
            Entrance entrance, Visit visit, Target<T> target, Function<T, Reply> reply) throws IOException {
        IncomingFile file = IncomingFile.open(
                entrance.request(), visit.clients().settings().files().maxUploadBytes());
        Upload upload = Upload.of(file.name(), file.content())
                .as(file.mediaType())
                .readBy(reader(entrance.request().getAsyncContext()));
        // What was wrong with the file made the call fail, and says more.
        return target.send(file, upload)
                .thenApply(reply)
                .exceptionally(
                        failure -> Reply.problem(file.content().failure().orElseGet(() -> Documents.error(failure))));
    }

    /** Threads of the server's, as long as the exchange goes on; what it throws after that differs from server to server. */
    private static Executor reader(AsyncContext exchange) {
        return exchange::start;
    }
}
