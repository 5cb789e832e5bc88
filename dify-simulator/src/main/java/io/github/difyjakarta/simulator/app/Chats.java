package io.github.difyjakarta.simulator.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.simulator.http.EventLoop;
import io.github.difyjakarta.simulator.http.Exchange;
import io.github.difyjakarta.simulator.http.Reply;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;

/** {@code POST /chat-messages} and its stop endpoint. Confined to the event loop. */
final class Chats {

    private final EventLoop loop;
    private final Settings settings;
    private final Store store;
    private final Consumer<Exchange> onStream;
    private final Map<String, Generation> tasks = new HashMap<>();
    private int active;

    /** Tells onStream of each answer that will be streamed. */
    Chats(EventLoop loop, Settings settings, Store store, Consumer<Exchange> onStream) {
        this.loop = loop;
        this.settings = settings;
        this.store = store;
        this.onStream = onStream;
    }

    private record Question(
            String query, JsonNode inputs, boolean streaming, String conversationId, boolean named, String user) {}

    void ask(Call call) {
        Question question = question(call);
        Message message = store(question);
        List<String> earlier = earlier(question.user(), message);
        String answer = OrderDesk.answer(question.query(), earlier);
        String taskId = UUID.randomUUID().toString();
        if (question.streaming()) {
            stream(call.exchange(), question, message, answer, taskId, earlier.size() + 1);
        } else {
            block(call.exchange(), question, message, answer, taskId);
        }
    }

    void stop(Call call) {
        String user = call.requiredUserOfBody();
        Modes.requireChat(settings);
        Generation generation = tasks.get(call.variable());
        if (generation != null) {
            generation.stop(user);
        }
        call.success();
    }

    private Question question(Call call) {
        String user = call.requiredUserOfBody();
        Modes.requireChat(settings);
        Validation fields = new Validation("ChatRequestPayload", call.body());
        JsonNode inputs = fields.object("inputs");
        String query = fields.text("query", true);
        String mode = fields.choice("response_mode", List.of("blocking", "streaming"), "'blocking' or 'streaming'");
        String conversationId = fields.uuid("conversation_id", false, "conversation_id must be a valid UUID");
        fields.check();
        if (active >= settings.maxActive()) {
            throw Refusal.invalidParam("Too many requests. Please try again later."
                    + " The current maximum concurrent requests allowed for " + Modes.APP_ID + " is "
                    + settings.maxActive() + ".");
        }
        boolean streaming = mode.equals("streaming");
        if (!streaming && settings.mode().equals("agent-chat")) {
            throw Refusal.invalidParam("Agent Chat App does not support blocking mode");
        }
        boolean named = call.body().path("auto_generate_name").asBoolean(true);
        return new Question(query, inputs, streaming, conversationId, named, user);
    }

    private Message store(Question question) {
        Instant now = Instant.now();
        Conversation conversation;
        if (question.conversationId().isEmpty()) {
            conversation = store.create(
                    question.user(), shortened(question.query()), question.inputs(), OrderDesk.INTRODUCTION, now);
        } else {
            conversation = store.conversation(question.conversationId(), question.user())
                    .orElseThrow(() -> Refusal.notFound("Conversation Not Exists. You have requested this URI"
                            + " [/v1/chat-messages] but did you mean /v1/chat-messages or /api/chat-messages or"
                            + " /v1/chat-messages/<string:task_id>/stop ?"));
        }
        return store.ask(conversation, question.query(), question.inputs(), now);
    }

    private List<String> earlier(String user, Message message) {
        return store.conversation(message.conversationId(), user).stream()
                .flatMap(conversation -> conversation.messages().stream())
                .takeWhile(turn -> turn != message)
                .map(Message::query)
                .toList();
    }

    private void stream(Exchange exchange, Question question, Message message, String answer, String taskId, int turn) {
        AnswerFrames frames =
                switch (settings.mode()) {
                    case "advanced-chat" -> new ChatflowFrames(message, taskId, turn, Instant::now);
                    case "agent-chat" -> new AgentFrames(message, taskId);
                    default -> new ChatFrames(message, taskId);
                };
        active++;
        onStream.accept(exchange);
        Generation generation = new Generation(loop, settings, exchange, message, frames, answer, () -> {
            active--;
            tasks.remove(taskId);
            name(question, message);
        });
        tasks.put(taskId, generation);
        generation.start();
    }

    private void block(Exchange exchange, Question question, Message message, String answer, String taskId) {
        long started = System.nanoTime();
        active++;
        EventLoop.Timer done = loop.schedule(Generation.time(answer, settings), () -> {
            active--;
            Duration latency = Duration.ofNanos(System.nanoTime() - started);
            Usage usage = Usage.of(question.query(), answer, latency, Duration.ZERO);
            message.answered(answer, usage);
            name(question, message);
            ObjectNode body = ChatFrames.blocking(message, taskId, settings.mode(), usage);
            exchange.reply(Reply.json(200, Json.spaced(body)).withContentType("application/json; charset=utf-8"));
        });
        exchange.onClientLeft(() -> {
            if (!settings.isChatflow() && done.cancel()) {
                active--;
            }
        });
    }

    /** Dify asks the model for a title after the first answer, in the background. */
    private void name(Question question, Message message) {
        if (question.named() && question.conversationId().isEmpty()) {
            store.conversation(message.conversationId(), question.user())
                    .ifPresent(conversation -> conversation.rename(OrderDesk.title(question.query()), Instant.now()));
        }
    }

    private static String shortened(String query) {
        int characters = query.codePointCount(0, query.length());
        return characters <= 20 ? query : query.substring(0, query.offsetByCodePoints(0, 20)) + "…";
    }
}
