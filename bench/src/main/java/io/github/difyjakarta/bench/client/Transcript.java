package io.github.difyjakarta.bench.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;

/**
 * One long answer of a chat app, an HTTP chunk for each event as Dify sends them. Immutable.
 *
 * @param events of kind {@code message}; one {@code message_end} follows
 * @param text of the answer
 * @param response head and body, to be duplicated by who writes it
 */
record Transcript(int events, String text, ByteBuffer response) {
    private static final String[] WORDS = {"Hello ", "from ", "the ", "order ", "desk. ", "Grüße ", "你好 ", "😀 "};
    private static final String HEAD = "HTTP/1.1 200 OK\r\nServer: gunicorn\r\nConnection: keep-alive\r\n"
            + "Transfer-Encoding: chunked\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n";
    private static final String IDS = "\"conversation_id\":\"e9af12c7-f8f9-41b9-8252-3be1250eaa97\","
            + "\"message_id\":\"6e340308-4602-4743-b191-bf47f51da183\",\"created_at\":1795486590,"
            + "\"task_id\":\"3344b4af-3a10-49ef-b242-fdb990ea8568\",\"id\":\"6e340308-4602-4743-b191-bf47f51da183\",";

    static Transcript of(int events) {
        StringBuilder text = new StringBuilder();
        ByteArrayOutputStream response = new ByteArrayOutputStream();
        response.writeBytes(HEAD.getBytes(UTF_8));
        for (int i = 0; i < events; i++) {
            String word = WORDS[i % WORDS.length];
            text.append(word);
            chunk(
                    response,
                    "{\"event\":\"message\"," + IDS + "\"answer\":\"" + word + "\",\"from_variable_selector\":[]}");
        }
        chunk(
                response,
                "{\"event\":\"message_end\"," + IDS + "\"metadata\":{\"usage\":{\"total_tokens\":" + events
                        + "}},\"files\":[]}");
        response.writeBytes("0\r\n\r\n".getBytes(UTF_8));
        ByteBuffer bytes = ByteBuffer.allocateDirect(response.size());
        return new Transcript(
                events,
                text.toString(),
                bytes.put(response.toByteArray()).flip().asReadOnlyBuffer());
    }

    private static void chunk(ByteArrayOutputStream response, String json) {
        byte[] frame = ("data: " + json + "\n\n").getBytes(UTF_8);
        response.writeBytes((Integer.toHexString(frame.length).toUpperCase(Locale.ROOT) + "\r\n").getBytes(UTF_8));
        response.writeBytes(frame);
        response.writeBytes("\r\n".getBytes(UTF_8));
    }
}
