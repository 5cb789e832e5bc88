package io.github.difyjakarta.sse;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

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
 * <p>Linear in the number of bytes however they are cut into chunks, since no byte is looked at twice. Lines are split
 * before text is decoded, which is safe because no byte of a multi-byte UTF-8 character equals CR or LF.
 *
 * <p>Confined to one thread. The sink is called by it, inside {@link #feed}.
 */
public final class SseDecoder {
    /** What stays allocated after a large event; the rest is given back. */
    private static final int RESIDENT_BYTES = 16 * 1024;

    private static final int INITIAL_BYTES = 512;
    /** "event" and "retry" are the longest names that mean something. */
    private static final int LONGEST_NAME = 5;
    /** More digits than any sensible reconnection time has; longer values are ignored. */
    private static final int LONGEST_RETRY = 12;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private enum State {
        NAME,
        VALUE_START,
        VALUE,
        IGNORED_LINE
    }

    private enum Field {
        DATA,
        EVENT,
        ID,
        RETRY,
        UNKNOWN
    }

    private final int maxEventBytes;
    private final Consumer<? super ServerSentEvent> sink;

    private final byte[] name = new byte[LONGEST_NAME];
    private int nameLength;
    private State state = State.NAME;
    private Field field = Field.UNKNOWN;

    /** Bytes of the mark seen; -1 once it can no longer come. */
    private int markSeen;

    private boolean lastWasCarriageReturn;
    private boolean hasData;
    private byte[] data = new byte[INITIAL_BYTES];
    private int dataLength;
    /** The value of the current {@code event}, {@code id} or {@code retry} line. */
    private byte[] value = new byte[32];

    private int valueLength;

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
                case VALUE -> readValue(bytes, at, to);
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
            if (nameLength == LONGEST_NAME) {
                nameLength = 0;
                state = State.IGNORED_LINE;
                return at + 1;
            }
            name[nameLength++] = b;
        }
        return to;
    }

    private void startValue() {
        field = fieldNamed(name, nameLength);
        nameLength = 0;
        valueLength = 0;
        state = field == Field.UNKNOWN ? State.IGNORED_LINE : State.VALUE_START;
        if (field == Field.DATA) {
            if (hasData) {
                data = append(data, dataLength, (byte) '\n');
                dataLength++;
            }
            hasData = true;
        }
    }

    private static Field fieldNamed(byte[] name, int length) {
        return switch (length) {
            case 2 -> name[0] == 'i' && name[1] == 'd' ? Field.ID : Field.UNKNOWN;
            case 4 -> name[0] == 'd' && name[1] == 'a' && name[2] == 't' && name[3] == 'a' ? Field.DATA : Field.UNKNOWN;
            case 5 ->
                switch (new String(name, 0, length, ISO_8859_1)) {
                    case "event" -> Field.EVENT;
                    case "retry" -> Field.RETRY;
                    default -> Field.UNKNOWN;
                };
            default -> Field.UNKNOWN;
        };
    }

    private int readValueStart(byte[] bytes, int at) {
        state = State.VALUE;
        return bytes[at] == ' ' ? at + 1 : at;
    }

    private int readValue(byte[] bytes, int from, int to) {
        int end = endOfLine(bytes, from, to);
        if (field == Field.DATA) {
            data = append(data, dataLength, bytes, from, end);
            dataLength += end - from;
        } else {
            value = append(value, valueLength, bytes, from, end);
            valueLength += end - from;
        }
        if (end == to) {
            return to;
        }
        endLine();
        lastWasCarriageReturn = bytes[end] == '\r';
        return end + 1;
    }

    private int readIgnored(byte[] bytes, int from, int to) {
        int end = endOfLine(bytes, from, to);
        if (end == to) {
            return to;
        }
        state = State.NAME;
        lastWasCarriageReturn = bytes[end] == '\r';
        return end + 1;
    }

    private static int endOfLine(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to) {
            byte b = bytes[at];
            if (b == '\n' || b == '\r') {
                return at;
            }
            at++;
        }
        return to;
    }

    private void endLine() {
        state = State.NAME;
        switch (field) {
            case EVENT -> eventType = text();
            case ID -> setLastEventId();
            case RETRY -> setRetry();
            case DATA, UNKNOWN -> {
                // Data was taken as it came; what is unknown has no effect.
            }
        }
    }

    private void setLastEventId() {
        for (int i = 0; i < valueLength; i++) {
            if (value[i] == 0) {
                return; // an id with NUL is ignored
            }
        }
        lastEventId = text();
    }

    private void setRetry() {
        if (valueLength == 0 || valueLength > LONGEST_RETRY) {
            return;
        }
        long millis = 0;
        for (int i = 0; i < valueLength; i++) {
            if (value[i] < '0' || value[i] > '9') {
                return;
            }
            millis = millis * 10 + (value[i] - '0');
        }
        retry = Optional.of(Duration.ofMillis(millis));
    }

    private String text() {
        return new String(value, 0, valueLength, UTF_8);
    }

    private void dispatch() {
        ServerSentEvent event = hasData
                ? new ServerSentEvent(
                        eventType.isEmpty() ? ServerSentEvent.DEFAULT_TYPE : eventType,
                        Arrays.copyOf(data, dataLength),
                        lastEventId)
                : null;
        hasData = false;
        dataLength = 0;
        eventType = "";
        if (data.length > RESIDENT_BYTES) {
            data = new byte[INITIAL_BYTES];
        }
        if (event != null) {
            sink.accept(event);
        }
    }

    private byte[] append(byte[] buffer, int length, byte b) {
        byte[] grown = withRoomFor(buffer, length, 1);
        grown[length] = b;
        return grown;
    }

    private byte[] append(byte[] buffer, int length, byte[] bytes, int from, int to) {
        byte[] grown = withRoomFor(buffer, length, to - from);
        System.arraycopy(bytes, from, grown, length, to - from);
        return grown;
    }

    private byte[] withRoomFor(byte[] buffer, int length, int more) {
        if ((long) dataLength + valueLength + eventType.length() + more > maxEventBytes) {
            throw new EventTooLargeException(maxEventBytes);
        }
        int needed = length + more;
        if (needed <= buffer.length) {
            return buffer;
        }
        return Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, buffer.length * 2L)));
    }
}
