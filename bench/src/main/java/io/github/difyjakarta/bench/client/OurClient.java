package io.github.difyjakarta.bench.client;

import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import java.net.URI;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;

/** Ours, read in each of its ways. */
final class OurClient implements Contender {
    /** How the stream is read. */
    enum Way {
        /** Typed events, by a thread that waits for each. */
        ITERATED {
            @Override
            CompletableFuture<String> read(DifyStream stream, ExecutorService readers) {
                return CompletableFuture.supplyAsync(
                        () -> {
                            StringBuilder text = new StringBuilder();
                            for (DifyEvent event : stream) {
                                if (event instanceof DifyEvent.Message message) {
                                    text.append(message.answer());
                                }
                            }
                            return text.toString();
                        },
                        readers);
            }
        },
        /** Typed events, called back on the connection's thread. */
        SUBSCRIBED {
            @Override
            CompletableFuture<String> read(DifyStream stream, ExecutorService readers) {
                Texts texts = new Texts();
                stream.subscribe(texts);
                return texts.result;
            }
        },
        /** Untyped frames, as the relay takes them. */
        FRAMES {
            @Override
            CompletableFuture<String> read(DifyStream stream, ExecutorService readers) {
                Counts counts = new Counts();
                stream.frames().subscribe(counts);
                return counts.result;
            }
        };

        abstract CompletableFuture<String> read(DifyStream stream, ExecutorService readers);
    }

    private static final ChatRequest QUESTION = ChatRequest.of("alice", "Where is order 4711?");

    private final Way way;
    private final DifyClient client;
    private final ExecutorService readers = Executors.newCachedThreadPool();

    OurClient(Way way, URI url) {
        this.way = way;
        client = DifyClient.create(DifyConfig.of(url, new ApiKey("app-bench")).withMode(AppMode.CHAT));
    }

    @Override
    public String name() {
        return "ours, " + way.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public CompletableFuture<String> read() {
        return way.read(client.chat().stream(QUESTION), readers);
    }

    @Override
    public String expected(Transcript transcript) {
        return way == Way.FRAMES ? transcript.events() + 1 + " frames" : transcript.text();
    }

    @Override
    public void close() {
        client.close();
        readers.shutdown();
    }

    private abstract static class Reading<T> implements Flow.Subscriber<T> {
        final CompletableFuture<String> result = new CompletableFuture<>();

        abstract String read();

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onError(Throwable cause) {
            result.completeExceptionally(cause);
        }

        @Override
        public void onComplete() {
            result.complete(read());
        }
    }

    private static final class Texts extends Reading<DifyEvent> {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void onNext(DifyEvent event) {
            if (event instanceof DifyEvent.Message message) {
                text.append(message.answer());
            }
        }

        @Override
        String read() {
            return text.toString();
        }
    }

    private static final class Counts extends Reading<DifyFrame> {
        private int frames;

        @Override
        public void onNext(DifyFrame frame) {
            frames++;
        }

        @Override
        String read() {
            return frames + " frames";
        }
    }
}
