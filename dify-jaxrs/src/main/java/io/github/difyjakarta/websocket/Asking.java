package io.github.difyjakarta.websocket;

import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.relay.Beginning;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.relay.TokenMeter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Asks a Dify app as one user. Thread-safe. */
interface Asking {
    /**
     * Asks, and has the answer sent to an outlet, whatever becomes of it. Returns at once.
     *
     * @param conversation to go on with, a UUID
     */
    Run ask(ClientFrame.Question question, Optional<String> conversation, WebSocketOutlet outlet, TokenMeter meter);

    /** An answer under way. */
    interface Run {
        /** None, or not any more. */
        Run NONE = new Run() {
            @Override
            public Optional<String> taskId() {
                return Optional.empty();
            }

            @Override
            public void stop() {}

            @Override
            public CompletionStage<?> ended() {
                return CompletableFuture.completedStage(Optional.empty());
            }
        };

        /** Dify's id of it, once it has named one. */
        Optional<String> taskId();

        /** Asks Dify to end it before its time. */
        void stop();

        /** Completes, in whichever way, when nothing of it runs at Dify any more: before its last words, or after its browser left. */
        CompletionStage<?> ended();
    }

    /** Whether browsers may set form fields of these names. */
    default boolean takes(Set<String> inputs) {
        return true;
    }

    /** By a client, through the relay, as one who came in. */
    static Asking of(DifyClients clients, Visitor visitor) {
        return new Asking() {
            @Override
            public boolean takes(Set<String> inputs) {
                return visitor.access().takes(inputs);
            }

            @Override
            public Run ask(
                    ClientFrame.Question question,
                    Optional<String> conversation,
                    WebSocketOutlet outlet,
                    TokenMeter meter) {
                try {
                    DifyStream stream = visitor.client().chat().stream(request(visitor.user(), question, conversation));
                    clients.relays().relay(new Beginning.Run(stream, meter, visitor.events()), outlet, visitor.user());
                    return new DifyRun(stream);
                } catch (DifyException e) {
                    meter.settle(null, e);
                    outlet.error(RelayError.of(e));
                    return Run.NONE;
                }
            }
        };
    }

    private static ChatRequest request(String user, ClientFrame.Question question, Optional<String> conversation) {
        return new ChatRequest(
                user,
                question.query(),
                conversation,
                question.inputs(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Map.of());
    }

    /** A stream of the client's. */
    record DifyRun(DifyStream stream) implements Run {
        @Override
        public Optional<String> taskId() {
            return stream.taskId();
        }

        @Override
        public void stop() {
            stream.stop();
        }

        @Override
        public CompletionStage<?> ended() {
            return stream.outcome();
        }
    }
}
