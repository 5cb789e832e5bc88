package io.github.difyjakarta.it;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a chunked body as an event stream, an event at a time; comments are passed over. Confined to one thread. */
final class SseReader {

    private final HttpConnection connection;
    private final StringBuilder unread = new StringBuilder();
    private String lastId = "";

    /** Reads what follows the head, which must have been read. */
    SseReader(HttpConnection connection) {
        this.connection = connection;
    }

    /** {@return the data of the next event; null at the end of the body} */
    @Nullable String next() throws IOException {
        while (true) {
            for (int end = unread.indexOf("\n\n"); end >= 0; end = unread.indexOf("\n\n")) {
                String block = unread.substring(0, end);
                unread.delete(0, end + 2);
                String data = dataOf(block);
                if (data != null) {
                    return data;
                }
            }
            HttpConnection.Chunk chunk = connection.readChunk();
            if (chunk.isLast()) {
                return null;
            }
            unread.append(chunk.text());
        }
    }

    private @Nullable String dataOf(String block) {
        String data = null;
        for (String line : block.split("\n", -1)) {
            if (line.startsWith("id: ")) {
                lastId = line.substring("id: ".length());
            } else if (line.startsWith("data: ")) {
                data = line.substring("data: ".length());
            }
        }
        return data;
    }

    /** {@return the id of the last event that {@link #next} gave; empty if none had one} */
    String lastId() {
        return lastId;
    }
}
