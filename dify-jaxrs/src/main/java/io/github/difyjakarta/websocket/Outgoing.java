package io.github.difyjakarta.websocket;

import java.util.LinkedHashMap;
import java.util.Map;

/** Something on its way to a browser. */
sealed interface Outgoing {
    /** What it counts in the buffer, in characters. */
    int size();

    /**
     * A text frame.
     *
     * @param size of its content
     */
    record Text(String json, int size) implements Outgoing {
        Text(String json) {
            this(json, json.length());
        }
    }

    /**
     * A piece of an answer, as a frame {@code chunk}. As long as it waits, more can be added: a browser that is slower than Dify
     * gets fewer and longer ones. Confined to the lock of its {@link Sending}, and then to who has taken it out of the queue.
     */
    final class Chunk implements Outgoing {
        /** Longer ones are not made of short ones: some readers take frames up to a limit only. */
        private static final int LONGEST = 8 * 1024;

        /** A builder once something was added: most are sent as they came. */
        private CharSequence content;

        Chunk(String content) {
            this.content = content;
        }

        /** Adds a later piece; false if the two would be too long. */
        boolean join(Chunk later) {
            if (content.length() + later.content.length() > LONGEST) {
                return false;
            }
            StringBuilder joined = content instanceof StringBuilder begun ? begun : new StringBuilder(content);
            content = joined.append(later.content);
            return true;
        }

        Text toText() {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("type", "chunk");
            fields.put("content", content.toString());
            return new Text(SocketJson.of(fields), size());
        }

        @Override
        public int size() {
            return content.length();
        }
    }

    /** A ping frame (RFC 6455, 5.5.2), which browsers answer by themselves. */
    record Ping() implements Outgoing {
        @Override
        public int size() {
            return 0;
        }
    }

    /**
     * The end, in good order. Nothing is sent after it.
     *
     * @param code of RFC 6455, 7.4.1
     * @param reason at most 123 bytes
     */
    record Close(int code, String reason) implements Outgoing {
        static final int NORMAL = 1000;
        static final int GOING_AWAY = 1001;
        static final int CANNOT_ACCEPT = 1003;
        static final int VIOLATED_POLICY = 1008;
        static final int TOO_BIG = 1009;
        static final int TRY_AGAIN_LATER = 1013;

        @Override
        public int size() {
            return 0;
        }
    }
}
