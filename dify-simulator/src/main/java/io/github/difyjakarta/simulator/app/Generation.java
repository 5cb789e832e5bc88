package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One answer while it is typed, word by word, into a stream. Confined to the event loop. */
final class Generation {

    /** A writer thinks before the first word, about as long as four words take. */
    private static final int WORDS_OF_THOUGHT = 4;

    private static final byte[] PING = "event: ping\n\n".getBytes(StandardCharsets.UTF_8);

    private final EventLoop loop;
    private final Settings settings;
    private final Exchange exchange;
    private final Message message;
    private final AnswerFrames frames;
    private final Runnable onOver;
    private final String answer;
    private final Iterator<String> words;
    private final StringBuilder typed = new StringBuilder();
    private final Random rhythm;
    private final long started = System.nanoTime();
    private long due = started;
    private long firstWord = started;
    private boolean over;
    private EventLoop.@Nullable Timer nextWord;
    private EventLoop.@Nullable Timer nextPing;

    /** Calls onOver once, when nothing more will come. */
    Generation(
            EventLoop loop,
            Settings settings,
            Exchange exchange,
            Message message,
            AnswerFrames frames,
            String answer,
            Runnable onOver) {
        this.loop = loop;
        this.settings = settings;
        this.exchange = exchange;
        this.message = message;
        this.frames = frames;
        this.answer = answer;
        this.onOver = onOver;
        this.words = OrderDesk.words(answer).iterator();
        this.rhythm = new Random(answer.hashCode());
    }

    /** How long the whole answer takes. */
    static Duration time(String answer, Settings settings) {
        return settings.typing().multipliedBy(OrderDesk.words(answer).size() + WORDS_OF_THOUGHT);
    }

    void start() {
        exchange.onClientLeft(this::clientLeft);
        exchange.head(200, "text/event-stream; charset=utf-8", List.of());
        if (settings.isChatflow()) {
            exchange.chunk(PING);
        }
        frames.opening().forEach(this::send);
        pingLater(1);
        due += settings.typing().multipliedBy(WORDS_OF_THOUGHT).toNanos();
        nextWord = loop.at(due, this::word);
    }

    /** The stop endpoint: chat apps listen to the user of the task alone, chatflows to everyone. */
    void stop(String user) {
        if (over || !(settings.isChatflow() || user.equals(message.user()))) {
            return;
        }
        Usage usage = Usage.stopped(age());
        message.answered(typed.toString(), usage);
        frames.stopped(usage).forEach(this::send);
        exchange.end();
        over();
    }

    private void word() {
        if (over) {
            return;
        }
        if (!settings.isChatflow() && !exchange.isFlushed()) {
            // Dify's chat waits for a slow reader; a chatflow goes on without it.
            exchange.whenFlushed(this::word);
            return;
        }
        if (!words.hasNext()) {
            finish();
            return;
        }
        if (typed.length() == 0) {
            firstWord = System.nanoTime();
        }
        String word = words.next();
        typed.append(word);
        send(frames.delta(word));
        // Between 0.8 and 1.2 of the mean: nobody types like a clock.
        due += (long) (settings.typing().toNanos() * (0.8 + 0.4 * rhythm.nextDouble()));
        nextWord = loop.at(due, this::word);
    }

    private void finish() {
        Usage usage = Usage.of(message.query(), answer, age(), Duration.ofNanos(firstWord - started));
        message.answered(answer, usage);
        frames.closing(answer, usage).forEach(this::send);
        exchange.end();
        over();
    }

    /** A chat is given up and its text lost; a chatflow runs to its end unseen. */
    private void clientLeft() {
        if (!settings.isChatflow()) {
            over();
        }
    }

    private void over() {
        if (over) {
            return;
        }
        over = true;
        if (nextWord != null) {
            nextWord.cancel();
        }
        if (nextPing != null) {
            nextPing.cancel();
        }
        onOver.run();
    }

    /** At each multiple of the interval, also while text flows. */
    private void pingLater(int number) {
        long at = started + settings.pingInterval().multipliedBy(number).toNanos();
        nextPing = loop.at(at, () -> {
            exchange.chunk(PING);
            pingLater(number + 1);
        });
    }

    private void send(ObjectNode frame) {
        String json = settings.asciiFrames() ? Json.spaced(frame) : Json.compact(frame);
        exchange.chunk(("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    private Duration age() {
        return Duration.ofNanos(System.nanoTime() - started);
    }
}
