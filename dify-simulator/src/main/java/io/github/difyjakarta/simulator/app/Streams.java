package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/** Opens the streams of one app and puts their events into bytes. Confined to the event loop. */
final class Streams {

    private static final String TYPE = "text/event-stream; charset=utf-8";

    private final EventLoop loop;
    private final Settings settings;
    private final Dialect dialect;
    private final Consumer<Exchange> onStream;

    /** Tells onStream of each stream before it begins. */
    Streams(EventLoop loop, Settings settings, Consumer<Exchange> onStream) {
        this.loop = loop;
        this.settings = settings;
        this.dialect = new Dialect(settings.version());
        this.onStream = onStream;
    }

    EventLoop loop() {
        return loop;
    }

    Settings settings() {
        return settings;
    }

    Dialect dialect() {
        return dialect;
    }

    /** The stream of a request that generates; the callback runs if the client leaves before its end. */
    FrameStream open(Exchange exchange, Runnable onClientLeft) {
        return open(exchange, List.of(), onClientLeft);
    }

    /** The stream of a request for a run, which since 1.13.0 begins with a keep-alive. */
    FrameStream openRun(Exchange exchange, Runnable onClientLeft) {
        FrameStream stream = open(exchange, onClientLeft);
        if (settings.version().isFrom(1, 13, 0)) {
            stream.ping();
        }
        return stream;
    }

    /** The stream of one who watches a run. */
    FrameStream openEvents(Exchange exchange, Runnable onClientLeft) {
        List<Reply.Header> headers =
                List.of(new Reply.Header("Cache-Control", "no-cache"), new Reply.Header("Content-Type", TYPE));
        return open(exchange, headers, onClientLeft);
    }

    private FrameStream open(Exchange exchange, List<Reply.Header> headers, Runnable onClientLeft) {
        onStream.accept(exchange);
        exchange.head(200, TYPE, headers);
        return new FrameStream(loop, settings.pingInterval(), exchange, onClientLeft);
    }

    /** The bytes of one event in the words and in the style of this release. */
    byte[] encode(ObjectNode frame) {
        ObjectNode worded = dialect.frame(frame);
        return bytes(settings.writesAsciiFrames() ? Json.spaced(worded) : Json.compact(worded));
    }

    /** The one frame that is written in the old style to this day. */
    byte[] encodeFinished(ObjectNode frame) {
        return bytes(Json.spaced(dialect.frame(frame)));
    }

    private static byte[] bytes(String json) {
        return ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }
}
