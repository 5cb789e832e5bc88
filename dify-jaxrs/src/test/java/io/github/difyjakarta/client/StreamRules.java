package io.github.difyjakarta.client;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.config.Timeouts;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.Script;
import java.time.Duration;
import java.util.concurrent.Flow;
import org.reactivestreams.tck.TestEnvironment;
import org.reactivestreams.tck.flow.FlowPublisherVerification;
import org.testng.annotations.AfterClass;
import org.testng.annotations.BeforeClass;

/** All rules of Reactive Streams for the publishers of a stream, which is a real one over real HTTP. */
abstract class StreamRules<T> extends FlowPublisherVerification<T> {
    private static final long PATIENCE_MILLIS = 1000;
    private static final long SILENCE_MILLIS = 50;
    private static final ChatRequest QUESTION = ChatRequest.of("ada", "Where is my order?");

    @SuppressWarnings("NullAway.Init")
    private DifySimulator dify;

    @SuppressWarnings("NullAway.Init")
    private DifyClient client;

    StreamRules() {
        super(new TestEnvironment(PATIENCE_MILLIS, SILENCE_MILLIS));
    }

    abstract Flow.Publisher<T> publisher(DifyStream stream);

    /** Not in the constructor: the instance is made before any test of other classes runs, some of which count threads. */
    @BeforeClass
    public void start() {
        dify = DifySimulator.start();
        client = DifyClient.create(DifyConfig.of(dify.url(), new ApiKey(dify.key()))
                .withMode(AppMode.CHAT)
                .withTimeouts(Timeouts.DEFAULTS.toBuilder()
                        .stopDrain(Duration.ofMillis(100))
                        .build()));
    }

    @AfterClass
    public void close() {
        client.close();
        dify.close();
    }

    @Override
    public Flow.Publisher<T> createFlowPublisher(long elements) {
        int messages = (int) Math.min(Integer.MAX_VALUE, elements - 1);
        return publisher(begun(Script.stream()
                .events(messages, Duration.ZERO, i -> ClientTest.message("word "))
                .event(ClientTest.messageEnd())));
    }

    @Override
    public Flow.Publisher<T> createFailedFlowPublisher() {
        return publisher(begun(Script.json(500, "{\"code\":\"unknown\",\"message\":\"m\",\"status\":500}")));
    }

    /** A stream that has got this script for its answer, and no other one. */
    private DifyStream begun(Script script) {
        dify.next(script);
        DifyStream stream = client.chat().stream(QUESTION);
        stream.opened()
                .handle((opened, refused) -> refused == null)
                .toCompletableFuture()
                .join();
        return stream;
    }
}
