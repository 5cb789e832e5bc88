package io.github.difyjakarta.bench.micro;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Streams as Dify sends them: the fields in its order, ids that repeat in every frame, one {@code data} line each. */
public enum Shape {
    /** A chat app's tokens: 300 bytes of which a word is news. */
    TOKENS,
    /** Pieces of 2 to 16 KiB, as answers without a model and speech have them. */
    LONG_TEXTS,
    /** A chatflow's nodes: 1 to 60 KiB of inputs and outputs. */
    NODES,
    /** Tokens of two to four bytes a character. */
    NON_ASCII,
    /** All recorded streams one after the other; needs {@code -Dcontract.dir=…}. */
    RECORDED;

    private static final int STREAM_BYTES = 1024 * 1024;
    private static final String[] TOKEN_WORDS = {"Hello ", "from ", "the ", "order ", "desk. ", "A \\\"quote\\\"\\n"};
    private static final String IDS = "\"conversation_id\":\"e9af12c7-f8f9-41b9-8252-3be1250eaa97\","
            + "\"message_id\":\"6e340308-4602-4743-b191-bf47f51da183\",\"created_at\":1795486590,"
            + "\"task_id\":\"3344b4af-3a10-49ef-b242-fdb990ea8568\",";

    /** The events' JSON, about a mebibyte in all. */
    List<byte[]> events() {
        if (this == RECORDED) {
            return Recordings.events(Path.of(System.getProperty("contract.dir", "")));
        }
        List<byte[]> events = new ArrayList<>();
        int bytes = 0;
        for (int i = 0; bytes < STREAM_BYTES; i++) {
            byte[] event = json(i).getBytes(UTF_8);
            events.add(event);
            bytes += event.length;
        }
        return events;
    }

    private String json(int i) {
        return switch (this) {
            case TOKENS -> message(TOKEN_WORDS[i % TOKEN_WORDS.length]);
            case LONG_TEXTS -> message("The order left our house. ".repeat(80 + i * 37 % 550));
            case NODES -> node(i);
            case NON_ASCII -> message("Grüße – 你好,世界 😀 ".repeat(1 + i % 12));
            case RECORDED -> throw new IllegalStateException("what is recorded is not made up");
        };
    }

    /** The same as a {@code text/event-stream}. */
    byte[] stream() {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (byte[] event : events()) {
            stream.writeBytes("data: ".getBytes(UTF_8));
            stream.writeBytes(event);
            stream.writeBytes("\n\n".getBytes(UTF_8));
        }
        return stream.toByteArray();
    }

    private static String message(String answer) {
        return "{\"event\":\"message\"," + IDS + "\"id\":\"6e340308-4602-4743-b191-bf47f51da183\",\"answer\":\""
                + answer + "\",\"from_variable_selector\":[]}";
    }

    private static String node(int i) {
        String name = i % 2 == 0 ? "node_started" : "node_finished";
        String text = "Where is order 4711? ".repeat(30 + new Random(i).nextInt(1_400));
        return "{\"event\":\"" + name + "\"," + IDS + "\"workflow_run_id\":\"7b8b382b-f601-411f-b1c5-76ecf81ea378\","
                + "\"data\":{\"id\":\"b3cf3bb3-7c4e-4e93-837c-1cc2cd91f814\",\"node_id\":\"llm\",\"node_type\":\"llm\","
                + "\"title\":\"LLM\",\"index\":" + i + ",\"predecessor_node_id\":null,\"inputs\":{\"query\":\"" + text
                + "\"},\"outputs\":{\"text\":\"" + text + "\",\"usage\":{\"total_tokens\":42,\"total_price\":\"0\"}},"
                + "\"status\":\"succeeded\",\"error\":null,\"elapsed_time\":0.000202,\"files\":[]}}";
    }
}
