package io.github.difyjakarta.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.error.DifyConnectionException;
import io.github.difyjakarta.relay.RelayError;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What one browser and its WebSocket have to say to each other: questions, one at a time, and their answers, in a conversation
 * that the socket remembers. Knows no container.
 *
 * <p>Thread-safe; messages come one at a time.
 */
final class SocketChat {
    private static final System.Logger LOGGER = System.getLogger(SocketChat.class.getName());

    /** So many messages in a row that mean nothing, and the socket is closed. */
    static final int MOST_BAD = 10;

    /** So many frames may wait for a browser that talks and does not listen. */
    static final int MOST_WAITING = 10_000;

    /** What is none, Dify would not take back. */
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    private static final RelayError BUSY =
            RelayError.temporary(409, "busy", "One question at a time: wait for the end of the answer, or stop it.");
    private static final RelayError NOT_RUNNING = RelayError.of(404, "not_found", "No such answer runs here.");
    private static final RelayError NOT_TAKEN =
            RelayError.of(400, "invalid_param", "inputs: a field is not taken here");
    private static final Outgoing PONG = new Outgoing.Text("{\"type\":\"pong\"}");

    private final Sending sending;
    private final Asking asking;
    private final Allowance allowance;
    private final Supplier<AnswerFrames> words;
    private final Limits limits;
    private final Executor executor;
    private final LongSupplier nanos;

    /** Set by messages, which come one at a time; taken away by whoever ends it. */
    private volatile @Nullable Turn turn;

    private volatile boolean closed;
    private volatile Optional<String> conversation = Optional.empty();
    private volatile long heardAt;
    /** Confined to messages. */
    private int bad;

    /**
     * What a browser must keep to.
     *
     * @param messageBytes the largest message, in UTF-8
     * @param idle how long it may say nothing while no answer runs
     * @param write how long it may take nothing
     * @param ping after so much silence it gets a ping
     */
    record Limits(int messageBytes, Duration idle, Duration write, Duration ping) {}

    /**
     * @param words makes what says one answer
     * @param executor see {@link Sending}
     * @param nanos a clock such as {@link System#nanoTime}
     */
    SocketChat(
            Transport transport,
            Asking asking,
            Allowance allowance,
            Supplier<AnswerFrames> words,
            Limits limits,
            Executor executor,
            LongSupplier nanos) {
        this.sending = new Sending(transport, executor, nanos, this::onClosed);
        this.asking = asking;
        this.allowance = allowance;
        this.words = words;
        this.limits = limits;
        this.executor = executor;
        this.nanos = nanos;
        this.heardAt = nanos.getAsLong();
    }

    /** One question and its answer. */
    private final class Turn {
        private final Allowance.Granted granted;
        private final WebSocketOutlet outlet = new WebSocketOutlet(sending, words.get(), executor, this::over);
        private volatile Asking.Run run = Asking.Run.NONE;

        Turn(Allowance.Granted granted) {
            this.granted = granted;
        }

        /** Its place among the streams is the run's, which goes on for a while where the browser is gone. */
        void runs(Asking.Run begun) {
            run = begun;
            begun.ended().whenComplete((end, failure) -> granted.giveBack().run());
        }

        /** Nothing has come of it. */
        void failed(RuntimeException cause) {
            granted.meter().ended(); // it may have been asked
            granted.giveBack().run();
            outlet.error(RelayError.of(cause)); // or its socket would be taken for good
        }

        /** Nobody is there any more for whom it would be asked. */
        void drop() {
            granted.meter().settle(null, DifyConnectionException.cancelled());
            granted.giveBack().run();
            outlet.leave();
        }

        /** Before the last frame goes out: who has read it may ask again at once. */
        private void over(Optional<String> goesOnIn) {
            if (goesOnIn.filter(id -> ID.matcher(id).matches()).isPresent()) {
                conversation = goesOnIn;
            }
            heardAt = nanos.getAsLong();
            turn = null;
        }
    }

    // ---- from the browser

    /** A text message, whole. */
    void onText(String message) {
        if (closed) {
            return; // it crossed the close, and costs nothing
        }
        if (isTooLarge(message)) {
            close(Outgoing.Close.TOO_BIG, "message_too_big");
            return;
        }
        heardAt = nanos.getAsLong();
        ClientFrame frame = ClientFrame.parse(message);
        if (frame instanceof ClientFrame.Bad nonsense) {
            onBad(nonsense.error());
            return;
        }
        bad = 0;
        if (frame instanceof ClientFrame.Question question) {
            ask(question);
        } else if (frame instanceof ClientFrame.Stop stop) {
            stop(stop.taskId());
        } else {
            say(PONG);
        }
    }

    private boolean isTooLarge(String message) {
        // No character has fewer bytes than its chars, none more than three times as many.
        return message.length() > limits.messageBytes()
                || (message.length() * 3L > limits.messageBytes()
                        && message.getBytes(UTF_8).length > limits.messageBytes());
    }

    private void onBad(RelayError error) {
        if (++bad < MOST_BAD) {
            say(words.get().error(error));
        } else {
            close(Outgoing.Close.VIOLATED_POLICY, "too_many_bad_messages");
        }
    }

    private void ask(ClientFrame.Question question) {
        if (turn != null) {
            say(words.get().error(BUSY));
            return;
        }
        if (!asking.takes(question.inputs().keySet())) {
            say(words.get().error(NOT_TAKEN));
            return;
        }
        Allowance.Permission permission = allowance.take(question.query().length());
        if (permission instanceof Allowance.Denied denied) {
            say(words.get().error(denied.error()));
            return;
        }
        Turn next = new Turn((Allowance.Granted) permission);
        turn = next;
        if (closed) {
            next.drop(); // nobody else would: it came too late for whoever closed
            return;
        }
        Optional<String> goesOnIn =
                question.conversation().map(ClientFrame.Conversation::id).orElse(conversation);
        try {
            next.runs(asking.ask(question, goesOnIn, next.outlet, next.granted.meter()));
        } catch (RuntimeException e) {
            LOGGER.log(System.Logger.Level.ERROR, "A question has failed inside this application", e);
            next.failed(e);
        }
    }

    private void stop(Optional<String> taskId) {
        Turn current = turn;
        if (taskId.isPresent() && (current == null || !current.run.taskId().equals(taskId))) {
            say(words.get().error(NOT_RUNNING));
        } else if (current != null) {
            current.run.stop();
        }
    }

    private void say(Outgoing frame) {
        if (sending.waiting() >= MOST_WAITING) {
            giveUp();
        } else {
            sending.add(frame);
            sending.flush();
        }
    }

    /** A binary message, or a piece of one. */
    void onBinary() {
        close(Outgoing.Close.CANNOT_ACCEPT, "text_only");
    }

    /** The browser is gone, or the container has closed. */
    void onClosed() {
        closed = true;
        Turn current = turn;
        if (current != null) {
            current.outlet.leave();
        }
    }

    /** The connection is gone, and the container may not have noticed. */
    void onBroken() {
        onClosed();
        sending.abort(Outgoing.Close.GOING_AWAY, "gone");
    }

    // ---- from this side

    private void close(int code, String reason) {
        onClosed();
        sending.add(new Outgoing.Close(code, reason));
        sending.flushSoon();
    }

    /** Closes, and has the answer that is under way end with an error that says why. */
    void end(int code, RelayError why) {
        closed = true;
        Turn current = turn;
        if (current != null) {
            current.outlet.interrupt(why);
        }
        close(code, why.code());
    }

    /** Called by the clock: pings into a silence, and ends what is idle or takes nothing. Does not block. */
    void tick() {
        if (sending.stalledFor().compareTo(limits.write()) >= 0) {
            giveUp();
        } else if (turn == null && nanos.getAsLong() - heardAt >= limits.idle().toNanos()) {
            close(Outgoing.Close.NORMAL, "idle");
        } else if (sending.quietFor().compareTo(limits.ping()) >= 0) {
            sending.ping();
        }
    }

    private void giveUp() {
        onClosed();
        sending.abort(Outgoing.Close.TRY_AGAIN_LATER, WebSocketOutlet.SLOW_READER);
    }
}
