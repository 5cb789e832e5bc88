package io.github.difyjakarta.client.call;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.error.DifyStreamException;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.FrameParser;
import io.github.difyjakarta.client.event.MalformedEventException;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.event.OutcomeTracker;
import io.github.difyjakarta.sse.EventTooLargeException;
import io.github.difyjakarta.sse.ServerSentEvent;
import io.github.difyjakarta.sse.SseDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Bytes of one stream to Dify's frames, and to what they say about its end. Confined to the connection's thread. */
final class FrameReader {
    private final DifyConfig config;
    private final Consumer<List<DifyFrame>> frames;
    private final List<DifyFrame> batch = new ArrayList<>();
    private final FrameParser parser = new FrameParser();
    private final OutcomeTracker tracker = new OutcomeTracker();
    private final SseDecoder decoder;
    private boolean failed;

    /**
     * @param frames takes all that belong to the answer, none that follow an error; those that came together in one list,
     *     which is used again
     */
    FrameReader(DifyConfig config, Consumer<List<DifyFrame>> frames) {
        this.config = config;
        this.frames = frames;
        this.decoder = new SseDecoder(config.limits().maxEventBytes(), this::onEvent);
    }

    OutcomeTracker tracker() {
        return tracker;
    }

    /**
     * Hands out the frames that end in these bytes, also those before a defect.
     *
     * @throws DifyStreamException when what came is not Dify's protocol, or too much of it
     */
    void feed(ByteBuffer bytes) {
        try {
            decoder.feed(bytes);
        } catch (EventTooLargeException e) {
            throw new DifyStreamException(DifyStreamException.EVENT_TOO_LARGE, e.getMessage() + "", e);
        } catch (MalformedEventException e) {
            throw new DifyStreamException(DifyStreamException.MALFORMED, e.getMessage() + "", e);
        } finally {
            if (!batch.isEmpty()) {
                frames.accept(batch);
                batch.clear();
            }
        }
    }

    private void onEvent(ServerSentEvent event) {
        if (failed || DifyFrame.isDoneMark(event.dataBytes())) {
            return;
        }
        DifyFrame frame = withoutSecrets(parser.parse(event.dataBytes()));
        tracker.accept(frame);
        failed = tracker.outcome().orElse(null) instanceof Outcome.Failed;
        batch.add(frame);
    }

    /** An error's text may echo the key; no other event is looked into. */
    private DifyFrame withoutSecrets(DifyFrame frame) {
        if (!frame.name().equals("error")) {
            return frame;
        }
        String json = frame.json();
        String clean = config.withoutSecrets(json);
        return clean.equals(json) ? frame : DifyFrame.of(clean.getBytes(UTF_8));
    }
}
