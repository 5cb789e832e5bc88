package io.github.difyjakarta.servlet;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the peer gets to see, from the hold to the end: a head that waits until its owner has released it and the framework
 * has named it, and may until then still become a refusal or another answer. Confined to the lock of its
 * {@link StreamState}, like the bytes behind the head.
 */
final class Answer {

    private static final String DEFAULT_TYPE = StreamHeaders.EVENT_STREAM + ";charset=UTF-8";

    enum Phase {
        /** Nobody has asked for the hold yet. */
        IDLE,
        /** Head and bytes are held back. */
        HELD,
        /** The head is out, or on its way: it cannot be changed. */
        OPEN,
        /** Complete as soon as everything is sent; nothing is added any more. */
        ENDING,
        /** Nothing more goes out. */
        CLOSED
    }

    private final ByteQueue body;
    private Phase phase = Phase.IDLE;
    private Head head = new Head();
    private byte[] preamble = {};
    private @Nullable Runnable cancelPreamble;
    private boolean released;
    private boolean ready;
    /** The held head belongs to no event stream: the framework answers with something else, which goes out when complete. */
    private boolean other;
    /** What the framework still writes belongs to nothing the peer is to see. */
    private boolean muted;

    Answer(ByteQueue body) {
        this.body = body;
    }

    // ---- where it stands

    Phase phase() {
        return phase;
    }

    Head head() {
        return head;
    }

    boolean isEngaged() {
        return phase != Phase.IDLE;
    }

    boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    boolean isEnding() {
        return phase == Phase.ENDING;
    }

    boolean isHeld() {
        return phase == Phase.HELD;
    }

    /** Held or open. */
    boolean isUnderWay() {
        return phase == Phase.HELD || phase == Phase.OPEN;
    }

    /** Whether status and headers may still change. */
    boolean isChangeable() {
        return phase == Phase.HELD && !muted;
    }

    /** The head is out, and something may still follow. */
    boolean isOut() {
        return phase == Phase.OPEN || phase == Phase.ENDING;
    }

    boolean takesEvents() {
        return isUnderWay() && !other;
    }

    /** Whether it is no event stream. */
    boolean isOther() {
        return other;
    }

    /** Whether what the framework writes is dropped. */
    boolean isMuted() {
        return muted || phase == Phase.ENDING || phase == Phase.CLOSED;
    }

    /** Whether there are events, or at least a head for some. */
    boolean isEventStream() {
        return !other && (phase == Phase.OPEN || head.isEventStream() || body.size() > 0);
    }

    // ---- the owner decides

    void hold(byte[] frames) {
        phase = Phase.HELD;
        preamble = frames.clone();
    }

    /** Remembers how to call the preamble's timer off; it is called off at once if the answer is held no more. */
    void preambleTimer(Runnable cancel) {
        cancelPreamble = cancel;
        if (phase != Phase.HELD) {
            cancelPreambleTimer();
        }
    }

    /** Nobody has decided in time. */
    void preambleIsDue() {
        if (phase == Phase.HELD && !released && !other) {
            released = true;
            openIfDue();
        }
    }

    void release() {
        if (phase == Phase.HELD && !released) {
            released = true;
            preamble = new byte[0];
            openIfDue();
        }
    }

    void refuse(Head refusal, byte[] content) {
        head = refusal;
        body.clear();
        body.addReady(content);
        muted = true;
    }

    /** Something else goes out in the stream's place, at once; its owner writes it. */
    void replace(Head instead) {
        head = instead;
        body.clear();
        muted = true;
        other = false;
        open();
    }

    /** Nobody but the framework decides: what it has set of the head so far is as good as released. */
    void adopt(Head begun, boolean committed) {
        phase = committed ? Phase.OPEN : Phase.HELD;
        head = begun;
        released = true;
    }

    /** The response is the container's again. */
    void letGo() {
        phase = Phase.IDLE;
        head = new Head();
        released = false;
    }

    // ---- the framework decides

    /** The framework has had its chance to set a head. */
    void headIsReady() {
        ready = true;
        openIfDue();
    }

    /** The framework sets a header or adds a value to it; null removes it. */
    void header(String name, @Nullable String value, boolean replace) {
        if (StreamHeaders.CONTENT_TYPE.equalsIgnoreCase(name) && value != null) {
            contentType(value);
        } else if (isChangeable()) {
            head.header(name, value, replace);
        }
    }

    /** See {@link EventStream#contentType}. */
    void contentType(@Nullable String type) {
        boolean eventStream = type == null || StreamHeaders.isEventStream(type);
        if (isChangeable()) {
            head.contentType(type);
            if (other || !eventStream) {
                body.clear();
            }
            other = !eventStream;
        } else if (!eventStream) {
            mute();
        }
    }

    /** The framework answers with a bare status (an error, a redirect): nothing it writes afterwards belongs to it. */
    void bare(Head answer) {
        if (isChangeable()) {
            answer.contentLength(0);
            head = answer;
            other = true;
            mute();
            body.clear();
        }
    }

    void changeHead(Consumer<Head> change) {
        if (isChangeable()) {
            change.accept(head);
        }
    }

    /** Forgets what was written, and the head as well if asked to. */
    void reset(boolean headToo) {
        if (isChangeable()) {
            body.clear();
            if (headToo) {
                head = new Head();
                other = false;
            }
        }
    }

    void mute() {
        muted = true;
        body.dropUnfinished();
    }

    // ---- it leaves

    private void openIfDue() {
        if (phase == Phase.HELD && released && ready && !other) {
            open();
        }
    }

    private void open() {
        phase = Phase.OPEN;
        if (released && !other && !muted) {
            body.addReadyFirst(preamble);
        }
        if (head.contentType() == null && body.hasReady()) {
            head.contentType(DEFAULT_TYPE);
        }
        preamble = new byte[0];
        cancelPreambleTimer();
    }

    /** Nothing is added any more. */
    void end() {
        if (phase == Phase.HELD) {
            open();
        }
        body.dropUnfinished();
        phase = Phase.ENDING;
    }

    /** Puts another head in the place of one that is not out. */
    void replaceHeld(Head instead) {
        if (phase == Phase.HELD) {
            head = instead;
        }
    }

    void close() {
        phase = Phase.CLOSED;
        preamble = new byte[0];
        cancelPreambleTimer();
        body.clear();
    }

    private void cancelPreambleTimer() {
        Runnable cancel = cancelPreamble;
        cancelPreamble = null;
        if (cancel != null) {
            cancel.run();
        }
    }
}
