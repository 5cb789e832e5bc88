package io.github.difyjakarta.client.conversation;

import io.github.difyjakarta.client.event.RetrieverResource;
import io.github.difyjakarta.client.json.DifyJson;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A question and its answer in the history of a conversation: {@code GET /messages}.
 *
 * @param json all of it, as it came
 */
public record HistoryMessage(DifyJson json) {
    /** For feedback, suggestions and speech. */
    public String id() {
        return json.text("id");
    }

    /** The conversation. */
    public String conversationId() {
        return json.text("conversation_id");
    }

    /** The message before, where Dify names it. */
    public Optional<String> parentMessageId() {
        return json.optionalText("parent_message_id");
    }

    /** What the app's form held. */
    public Map<String, @Nullable Object> inputs() {
        return json.map("inputs");
    }

    /** The question. */
    public String query() {
        return json.text("query");
    }

    /**
     * The answer. Empty, although the state is normal, where the reader of the stream left without a stop: Dify keeps nothing
     * of it then.
     */
    public String answer() {
        return json.text("answer");
    }

    /** Its state, such as {@code normal} or {@code error}. */
    public String status() {
        return json.text("status");
    }

    /** What went wrong. */
    public Optional<String> error() {
        return json.optionalText("error");
    }

    /** Files of the question and of the answer. */
    public List<MessageFile> files() {
        return json.objects("message_files").stream().map(MessageFile::new).toList();
    }

    /** What the user thinks of it. */
    public Optional<Rating> rating() {
        return switch (json.object("feedback").text("rating")) {
            case "like" -> Optional.of(Rating.LIKE);
            case "dislike" -> Optional.of(Rating.DISLIKE);
            default -> Optional.empty();
        };
    }

    /** What the answer was found in. */
    public List<RetrieverResource> retrieverResources() {
        return json.objects("retriever_resources").stream()
                .map(RetrieverResource::new)
                .toList();
    }

    /** Steps of an agent, by their position. */
    public List<AgentStep> agentThoughts() {
        return json.objects("agent_thoughts").stream().map(AgentStep::new).toList();
    }

    /** What people were asked for on the way, since Dify 1.13. */
    public List<FormContent> formContents() {
        return json.objects("extra_contents").stream().map(FormContent::new).toList();
    }

    /** When it was asked, in whole seconds. */
    public Optional<Instant> createdAt() {
        return json.time("created_at");
    }

    /** Tokens of the question, since Dify 1.16; 0 before. */
    public long messageTokens() {
        return json.number("message_tokens");
    }

    /** Tokens of the answer, since Dify 1.16; 0 before. */
    public long answerTokens() {
        return json.number("answer_tokens");
    }

    /** Of both, since Dify 1.16; 0 before. */
    public long totalTokens() {
        return json.number("total_tokens");
    }

    /** Seconds until the answer was whole, since Dify 1.16. */
    public double providerResponseLatency() {
        return json.real("provider_response_latency");
    }

    /** What it cost, since Dify 1.16. */
    public Optional<BigDecimal> totalPrice() {
        return json.optionalDecimal("total_price");
    }

    /** Of the price, such as {@code USD}. */
    public Optional<String> currency() {
        return json.optionalText("currency");
    }
}
