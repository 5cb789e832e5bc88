package io.github.difyjakarta.sse;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Turns the bytes of a {@code text/event-stream} into events, exactly by the WHATWG text, section 9.2.6 "Interpreting an
 * event stream": a leading byte order mark is dropped; a line ends in LF, CR or CRLF; one space after the colon belongs to
 * the syntax; comments and unknown fields are skipped without being kept; an event without a {@code data} line is not
 * dispatched; an event that the end of the stream cuts off never is.
 *
 * <p>Linear in the number of bytes however they are cut into chunks, since no byte of a value is looked at twice. Lines are split
 * before text is decoded, which is safe because no byte of a multi-byte UTF-8 character equals CR or LF.
 *
 * <p>Confined to one thread. The sink is called by it, inside {@link #feed}.
 */
public final class SseDecoder {
    /** More digits than any sensible reconnection time has; longer values are ignored. */
    private static final int LONGEST_RETRY = 12;

    private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};
    private static final byte[] LINE_FEED = {'\n'};
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private enum State {
        NAME,
        VALUE_START,
        VALUE,
        IGNORED_LINE
    }

    private final int maxEventBytes;
    private final Consumer<? super ServerSentEvent> sink;

    private final Gathered data = new Gathered();
    /** The value of the current {@code event}, {@code id} or {@code retry} line. */
    private final Gathered value = new Gathered();

    private final byte[] name = new byte[Field.LONGEST_NAME];
    private int nameLength;
    private State state = State.NAME;
    private Field field = Field.UNKNOWN;

    /** Bytes of the mark seen; -1 once it can no longer come. */
    private int markSeen;

    private boolean lastWasCarriageReturn;
    private boolean hasData;
    private String eventType = "";
    private String lastEventId = "";
    private Optional<Duration> retry = Optional.empty();

    /**
     * @param maxEventBytes the most that one event may hold, in bytes of data, type and id together; at least 1
     * @param sink takes each event as soon as its blank line has been read
     */
    public SseDecoder(int maxEventBytes, Consumer<? super ServerSentEvent> sink) {
        if (maxEventBytes < 1) {
            throw new IllegalArgumentException("maxEventBytes must be at least 1, not " + maxEventBytes);
        }
        this.maxEventBytes = maxEventBytes;
        this.sink = sink;
    }

    /**
     * Reads all that remains in a chunk, of whatever size.
     *
     * @throws EventTooLargeException when an event outgrows the bound; the decoder is of no use afterwards
     */
    public void feed(ByteBuffer chunk) {
        if (chunk.hasArray()) {
            int from = chunk.arrayOffset() + chunk.position();
            int to = chunk.arrayOffset() + chunk.limit();
            chunk.position(chunk.limit());
            feed(chunk.array(), from, to);
        } else {
            byte[] copy = new byte[chunk.remaining()];
            chunk.get(copy);
            feed(copy, 0, copy.length);
        }
    }

    /** The reconnection time last asked for by a {@code retry} line, if any. */
    public Optional<Duration> retry() {
        return retry;
    }

    private void feed(byte[] bytes, int from, int to) {
        int at = markSeen >= 0 ? skipMark(bytes, from, to) : from;
        while (at < to) {
            if (lastWasCarriageReturn) {
                lastWasCarriageReturn = false;
                if (bytes[at] == '\n') {
                    at++;
                    continue;
                }
            }
            at = switch (state) {
                case NAME -> readName(bytes, at, to);
                case VALUE_START -> readValueStart(bytes, at);
                case VALUE -> readValue(bytes, at, LineEnds.find(bytes, at, to), to);
                case IGNORED_LINE -> readIgnored(bytes, at, to);
            };
        }
    }

    private int skipMark(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && markSeen >= 0) {
            if (bytes[at] != BYTE_ORDER_MARK[markSeen]) {
                // What looked like a mark was the start of a field name; none that we know starts so.
                state = markSeen > 0 ? State.IGNORED_LINE : State.NAME;
                markSeen = -1;
                return at;
            }
            at++;
            markSeen = markSeen + 1 == BYTE_ORDER_MARK.length ? -1 : markSeen + 1;
        }
        return at;
    }

    private int readName(byte[] bytes, int from, int to) {
        if (nameLength == 0 && startsWithData(bytes, from, to)) {
            return readDataLine(bytes, from + DATA.length, to);
        }
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b == '\n' || b == '\r') {
                if (nameLength == 0) {
                    dispatch();
                } else {
                    startValue();
                    endLine();
                }
                lastWasCarriageReturn = b == '\r';
                return at + 1;
            }
            if (b == ':') {
                startValue();
                return at + 1;
            }
            if (nameLength == Field.LONGEST_NAME) {
                nameLength = 0;
                state = State.IGNORED_LINE;
                return at + 1;
            }
            name[nameLength++] = b;
        }
        return to;
    }

    /** Whether a line that begins here is one of data, with at least a byte after the colon. */
    private static boolean startsWithData(byte[] bytes, int from, int to) {
        return to - from > DATA.length && Arrays.equals(bytes, from, from + DATA.length, DATA, 0, DATA.length);
    }

    private int readDataLine(byte[] bytes, int from, int to) {
        int start = bytes[from] == ' ' ? from + 1 : from;
        int end = LineEnds.find(bytes, start, to);
        if (!hasData && end + 1 < to && bytes[end] == '\n' && bytes[end + 1] == '\n') {
            // By far the most events are one line that lies whole in its chunk: copied once, not gathered first.
            requireRoom(end - start);
            emit(Arrays.copyOfRange(bytes, start, end));
            return end + 2;
        }
        startData();
        state = State.VALUE;
        return readValue(bytes, start, end, to);
    }

    private void startValue() {
        field = Field.named(name, nameLength);
        nameLength = 0;
        state = field == Field.UNKNOWN ? State.IGNORED_LINE : State.VALUE_START;
        if (field == Field.DATA) {
            startData();
        }
    }

    private void startData() {
        field = Field.DATA;
        if (hasData) {
            gather(data, LINE_FEED, 0, 1);
        }
        hasData = true;
    }

    private int readValueStart(byte[] bytes, int at) {
        state = State.VALUE;
        return bytes[at] == ' ' ? at + 1 : at;
    }

    private int readValue(byte[] bytes, int from, int end, int to) {
        gather(field == Field.DATA ? data : value, bytes, from, end);
        if (end == to) {
            return to;
        }
        endLine();
        lastWasCarriageReturn = bytes[end] == '\r';
        return end + 1;
    }

    private int readIgnored(byte[] bytes, int from, int to) {
        int end = LineEnds.find(bytes, from, to);
        if (end == to) {
            return to;
        }
        state = State.NAME;
        lastWasCarriageReturn = bytes[end] == '\r';
        return end + 1;
    }

    private void endLine() {
        state = State.NAME;
        switch (field) {
            case EVENT -> eventType = value.toText();
            case ID -> setLastEventId();
            case RETRY -> setRetry();
            case DATA, UNKNOWN -> {
                // Data was taken as it came; what is unknown has no effect.
            }
        }
        value.clear();
    }

    private void setLastEventId() {
        for (int i = 0; i < value.length(); i++) {
            if (value.at(i) == 0) {
                return; // an id with NUL is ignored
            }
        }
        lastEventId = value.toText();
    }

    private void setRetry() {
        if (value.length() == 0 || value.length() > LONGEST_RETRY) {
            return;
        }
        long millis = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.at(i) - '0';
            if (digit < 0 || digit > 9) {
                return;
            }
            millis = millis * 10 + digit;
        }
        retry = Optional.of(Duration.ofMillis(millis));
    }

    private void dispatch() {
        if (hasData) {
            emit(data.toBytes());
        }
        eventType = "";
    }

    private void emit(byte[] whole) {
        String type = eventType.isEmpty() ? ServerSentEvent.DEFAULT_TYPE : eventType;
        hasData = false;
        data.clear();
        eventType = "";
        sink.accept(new ServerSentEvent(type, whole, lastEventId));
    }

    private void gather(Gathered target, byte[] bytes, int from, int to) {
        requireRoom(to - from);
        target.add(bytes, from, to);
    }

    private void requireRoom(int more) {
        if ((long) data.length() + value.length() + eventType.length() + more > maxEventBytes) {
            throw new EventTooLargeException(maxEventBytes);
        }
    }
}
