package io.github.difyjakarta.bench.client;

import io.github.imfangs.dify.client.DifyChatClient;
import io.github.imfangs.dify.client.DifyClientFactory;
import io.github.imfangs.dify.client.callback.ChatStreamCallback;
import io.github.imfangs.dify.client.enums.ResponseMode;
import io.github.imfangs.dify.client.event.ErrorEvent;
import io.github.imfangs.dify.client.event.MessageEndEvent;
import io.github.imfangs.dify.client.event.MessageEvent;
import io.github.imfangs.dify.client.exception.DifyApiException;
import io.github.imfangs.dify.client.model.chat.ChatMessage;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;

/** {@code io.github.imfangs:dify-java-client}, its HTTP client allowed as many streams at once as are asked for. */
final class OtherClient implements Contender {
    private final OkHttpClient http;
    private final DifyChatClient client;

    OtherClient(URI url) {
        Dispatcher dispatcher = new Dispatcher();
        dispatcher.setMaxRequests(1_000);
        dispatcher.setMaxRequestsPerHost(1_000);
        http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .readTimeout(Duration.ofSeconds(60))
                .build();
        client = DifyClientFactory.createChatClient(url.toString(), "app-bench", http);
    }

    @Override
    public String name() {
        return "dify-java-client";
    }

    @Override
    public CompletableFuture<String> read() {
        CompletableFuture<String> result = new CompletableFuture<>();
        StringBuilder text = new StringBuilder();
        ChatMessage question = ChatMessage.builder()
                .query("Where is order 4711?")
                .user("alice")
                .inputs(Map.of())
                .responseMode(ResponseMode.STREAMING)
                .build();
        try {
            client.sendChatMessageStream(question, new ChatStreamCallback() {
                @Override
                public void onMessage(MessageEvent event) {
                    text.append(event.getAnswer());
                }

                @Override
                public void onMessageEnd(MessageEndEvent event) {
                    result.complete(text.toString());
                }

                @Override
                public void onError(ErrorEvent event) {
                    result.completeExceptionally(new IllegalStateException(event.getMessage()));
                }

                @Override
                public void onException(Throwable cause) {
                    result.completeExceptionally(cause);
                }
            });
        } catch (IOException | DifyApiException e) {
            result.completeExceptionally(e);
        }
        return result;
    }

    @Override
    public void close() {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}
