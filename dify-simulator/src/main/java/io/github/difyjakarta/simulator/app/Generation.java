package io.github.difyjakarta.simulator.app;

import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import org.jspecify.annotations.Nullable;

/** One answer of a chat, agent or completion app while it is typed into its stream. Confined to the event loop. */
final class Generation {

    private final Streams streams;
    private final Message message;
    private final AnswerFrames frames;
    private final Runnable onOver;
    private final Typist typist;
    private final FrameStream stream;
    private boolean over;
    private EventLoop.@Nullable Timer nextWord;

    /** Opens the stream; calls onOver once, when nothing more will come. */
    Generation(
            Streams streams, Exchange exchange, Message message, AnswerFrames frames, String answer, Runnable onOver) {
        this.streams = streams;
        this.message = message;
        this.frames = frames;
        this.onOver = onOver;
        this.typist =
                new Typist(frames.pieces(answer), frames.pace(streams.settings().typing()));
        this.stream = streams.open(exchange, this::clientLeft);
    }

    void start() {
        frames.opening().forEach(frame -> stream.send(streams.encode(frame)));
        nextWord = streams.loop().at(typist.due(), this::word);
    }

    /** The stop endpoint: these apps listen to the user of the task alone. */
    void stop(String user) {
        if (over || !user.equals(message.user())) {
            return;
        }
        Usage usage = Usage.stopped(typist.age());
        message.answered(typist.typed(), usage);
        frames.stopped(usage).forEach(frame -> stream.send(streams.encode(frame)));
        stream.end();
        over();
    }

    private void word() {
        if (over) {
            return;
        }
        if (!stream.isFlushed()) {
            // Dify's chat waits for a slow reader.
            stream.whenFlushed(this::word);
            return;
        }
        if (!typist.hasNext()) {
            finish();
            return;
        }
        stream.send(streams.encode(frames.delta(typist.next())));
        nextWord = streams.loop().at(typist.due(), this::word);
    }

    private void finish() {
        String answer = typist.typed();
        Usage usage = frames.usage(message.query(), typist);
        message.answered(answer, usage);
        frames.closing(answer, usage).forEach(frame -> stream.send(streams.encode(frame)));
        stream.end();
        over();
    }

    /** The answer is given up and its text lost; before 1.16.0 it was written to its end. */
    private void clientLeft() {
        if (streams.settings().version().isFrom(1, 16, 0)) {
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
        onOver.run();
    }
}
