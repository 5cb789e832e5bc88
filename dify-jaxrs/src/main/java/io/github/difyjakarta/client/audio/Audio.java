package io.github.difyjakarta.client.audio;

import io.github.difyjakarta.client.call.Calls;
import io.github.difyjakarta.client.call.Download;
import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import io.github.difyjakarta.client.file.Multipart;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.json.DifyJson;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Speech to text and back. Thread-safe. */
public final class Audio {
    private static final Set<String> TAKEN = Set.of("mp3", "m4a", "wav", "amr", "mpga");

    private final Calls calls;

    /** Audio of an app. */
    public Audio(Calls calls) {
        this.calls = calls;
    }

    /**
     * What is said in a recording: {@code POST /audio-to-text}, and waits. Dify takes mp3, m4a, wav, amr and mpga up to 30 MB.
     */
    public String transcribe(String user, Upload recording) {
        return Calls.await(transcribeAsync(user, recording));
    }

    /** The same without waiting; cancelling the future breaks it off. */
    public CompletableFuture<String> transcribeAsync(String user, Upload recording) {
        Require.text("user", user);
        return calls.send(
                Request.post("/audio-to-text")
                        .body(Multipart.form(Map.of("user", user), recording, understood(recording)))
                        .within(calls.timeouts().blockingComplex()),
                (DifyJson answer) -> answer.text("text"));
    }

    /** Dify compares the media type with its own names for it, and refuses those that are usual elsewhere. */
    private static String understood(Upload recording) {
        return switch (recording.mediaType().toLowerCase(Locale.ROOT)) {
            case "audio/mpeg", "audio/x-mp3", "audio/mpeg3" -> "audio/mp3";
            case "audio/x-wav", "audio/wave", "audio/vnd.wave" -> "audio/wav";
            case "audio/x-m4a", "audio/mp4", "audio/mp4a-latm" -> "audio/m4a";
            case "application/octet-stream" -> byName(recording);
            default -> recording.mediaType();
        };
    }

    /** Java knows not all of the extensions that Dify takes. */
    private static String byName(Upload recording) {
        String name = recording.fileName().toLowerCase(Locale.ROOT);
        String extension = name.substring(name.lastIndexOf('.') + 1);
        return TAKEN.contains(extension) ? "audio/" + extension : recording.mediaType();
    }

    /**
     * Speech: {@code POST /text-to-audio}, and waits for all of it. The media type that Dify names is not always the true one.
     *
     * @throws io.github.difyjakarta.client.error.DifyApiException 404 {@code not_found} for a message that is unknown, another
     *     user's or without a text: Dify itself answers with an empty success
     */
    public Download<byte[]> speak(SpeechRequest request) {
        return Calls.await(speakAsync(request, BodySubscribers.ofByteArray()));
    }

    /** The same, written to a file, which is replaced. */
    public Download<Path> speak(SpeechRequest request, Path target) {
        return Calls.await(speakAsync(request, Download.into(target)));
    }

    /**
     * The same without waiting, also for the whole speech: its first bytes come while the rest is still made.
     *
     * @param body takes the bytes, on the connection's thread; {@link Download#into} or one of {@link BodySubscribers}
     */
    public <T> CompletableFuture<Download<T>> speakAsync(SpeechRequest request, BodySubscriber<T> body) {
        return calls.download(
                Request.post("/text-to-audio")
                        .json(request.toBody())
                        .within(calls.timeouts().blockingComplex()),
                "audio/*",
                body);
    }
}
