package io.github.difyjakarta.simulator;

import io.github.difyjakarta.simulator.http.Reply.Header;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * What the simulator answers, step by step and byte by byte. Immutable: every method returns a new script, so one may
 * be kept and given out many times.
 *
 * <pre>{@code
 * Script.stream()
 *         .event("{\"event\":\"message\",\"task_id\":\"t1\",\"answer\":\"Hel\"}")
 *         .pause(Duration.ofMillis(50))
 *         .cut();
 * }</pre>
 *
 * <p>Without any of {@link #end}, {@link #cut}, {@link #reset}, {@link #silence} a script ends cleanly. Steps after one
 * of them are never played. Each step waits until the bytes of the one before are with the kernel, as a blocking server
 * would.
 */
public final class Script {

    private static final byte[] PING = "event: ping\n\n".getBytes(StandardCharsets.UTF_8);

    private final ScriptedAnswer answer;

    private Script(ScriptedAnswer answer) {
        this.answer = answer;
    }

    /**
     * The beginning of a streamed answer: status 200, {@code text/event-stream; charset=utf-8}, no frame yet.
     *
     * @return to be continued
     */
    public static Script stream() {
        return new Script(ScriptedAnswer.stream("text/event-stream; charset=utf-8"));
    }

    /**
     * Sends a recorded event stream, every frame in a chunk of its own, then ends cleanly.
     *
     * @param sse frames as on the wire, each up to and with its empty line; a rest without one is sent as it is
     * @return a complete script
     */
    public static Script transcript(byte[] sse) {
        Script script = stream();
        int start = 0;
        for (int i = 1; i < sse.length; i++) {
            if (sse[i] == '\n' && sse[i - 1] == '\n') {
                script = script.raw(Arrays.copyOfRange(sse, start, i + 1));
                start = i + 1;
            }
        }
        return start < sse.length ? script.raw(Arrays.copyOfRange(sse, start, sse.length)) : script;
    }

    /**
     * A whole JSON answer.
     *
     * @param status for example 400
     * @param body sent as it is, in UTF-8
     * @return a complete script
     */
    public static Script json(int status, String body) {
        return new Script(ScriptedAnswer.whole(status, "application/json", body));
    }

    /**
     * A whole HTML answer, as proxies give them.
     *
     * @param status for example 502
     * @param body sent as it is, in UTF-8
     * @return a complete script
     */
    public static Script html(int status, String body) {
        return new Script(ScriptedAnswer.whole(status, "text/html; charset=utf-8", body));
    }

    /**
     * Replays a recorded response as it came, byte by byte and read by read, at the recorded pace.
     *
     * @param http a file with the recorded exchange; the response is what follows the line {@code === RESPONSE ===}
     * @param timing the JSON file beside it: {@code reads_ms_bytes} has the milliseconds since the request and the bytes
     *     of each read; {@code end} is {@code complete}, {@code eof} (we cut) or anything else (we fall silent)
     * @return a complete script
     * @throws UncheckedIOException if a file cannot be read
     * @throws IllegalArgumentException if one is no recording
     */
    public static Script recording(Path http, Path timing) {
        return Recording.read(http, timing).script();
    }

    /**
     * Answers with another status.
     *
     * @param code 200 to 999
     * @return a new script
     */
    public Script status(int code) {
        return new Script(answer.withStatus(code));
    }

    /**
     * Adds a header, or replaces the simulator's own one of that name.
     *
     * @param name any case
     * @param value sent as it is
     * @return a new script
     */
    public Script header(String name, String value) {
        return new Script(answer.withHeader(new Header(name, value)));
    }

    /**
     * Answers with another content type.
     *
     * @param type sent as it is
     * @return a new script
     */
    public Script contentType(String type) {
        return new Script(answer.withContentType(type));
    }

    /**
     * Keeps the client waiting for the head, then sends it; of a {@link #json} or {@link #html} script the body comes
     * with it.
     *
     * @param delay from the request, or from the step before
     * @return a new script
     */
    public Script headAfter(Duration delay) {
        return answer.stream() ? pause(delay).headNow() : new Script(answer.first(player -> player.pause(delay)));
    }

    /**
     * Sends the head before the first frame. Without this Dify, and we, hold it back until there is one.
     *
     * @return a new script
     */
    public Script headNow() {
        return then(ScriptPlayer::sendHead);
    }

    /**
     * Sends one frame: {@code data: }, the JSON, an empty line.
     *
     * @param json one line
     * @return a new script
     */
    public Script event(String json) {
        return raw(frame(json));
    }

    /**
     * Sends many frames at an even pace: the first at once, none is late because the one before was.
     *
     * @param count 0 or more
     * @param gap from one frame to the next; zero sends as fast as the client takes them
     * @param json the frame with this number, from 0; called on the simulator's thread
     * @return a new script
     */
    public Script events(int count, Duration gap, IntFunction<String> json) {
        return then(player -> player.frames(count, gap, number -> frame(json.apply(number))));
    }

    /**
     * Sends Dify's keep-alive: {@code event: ping} and an empty line.
     *
     * @return a new script
     */
    public Script ping() {
        return then(player -> player.chunk(PING));
    }

    /**
     * Sends any bytes as one chunk.
     *
     * @param bytes of the body
     * @return a new script
     */
    public Script raw(byte[] bytes) {
        byte[] copy = bytes.clone();
        return then(player -> player.chunk(copy));
    }

    /**
     * Sends any text as one chunk, in UTF-8.
     *
     * @param text of the body
     * @return a new script
     */
    public Script raw(String text) {
        return raw(utf8(text));
    }

    /**
     * Does nothing for a while.
     *
     * @param time zero or more
     * @return a new script
     */
    public Script pause(Duration time) {
        return then(player -> player.pause(time));
    }

    /**
     * Sends all that follows, heads and chunk sizes included, in small pieces: one write to the socket each, also through
     * the middle of a character.
     *
     * @param bytes 1 or more
     * @return a new script
     */
    public Script splitEvery(int bytes) {
        if (bytes < 1) {
            throw new IllegalArgumentException("splitEvery needs 1 byte or more, not " + bytes);
        }
        return then(player -> player.splitEvery(bytes));
    }

    /**
     * Waits until the stop endpoint is called for this stream's task, then goes on. The task is the {@code task_id} of
     * the first frame that had one; without one any stop call counts. A call since the stream's beginning counts too.
     *
     * @param max goes on after that time anyway
     * @return a new script
     */
    public Script awaitStop(Duration max) {
        return then(player -> player.awaitStop(max));
    }

    /**
     * Ends cleanly: last chunk, the connection can be used again.
     *
     * @return a new script
     */
    public Script end() {
        return then(ScriptPlayer::end);
    }

    /**
     * Closes the connection without the last chunk.
     *
     * @return a new script
     */
    public Script cut() {
        return then(ScriptPlayer::cut);
    }

    /**
     * Resets the connection (TCP RST).
     *
     * @return a new script
     */
    public Script reset() {
        return then(ScriptPlayer::reset);
    }

    /**
     * Sends nothing more: the connection stays open until the client leaves or the simulator is closed.
     *
     * @return a new script
     */
    public Script silence() {
        return then(ScriptPlayer::silence);
    }

    /**
     * Sends bytes instead of a whole HTTP response; later {@link #raw} steps are not framed either, and
     * {@link #end} closes the connection.
     *
     * @param bytes from the status line on, however broken
     * @return a new script
     */
    public Script rawResponse(byte[] bytes) {
        byte[] copy = bytes.clone();
        return then(player -> player.rawResponse(copy));
    }

    ScriptedAnswer answer() {
        return answer;
    }

    private Script then(ScriptedAnswer.Step step) {
        return new Script(answer.then(step));
    }

    private static byte[] frame(String json) {
        return utf8("data: " + json + "\n\n");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
