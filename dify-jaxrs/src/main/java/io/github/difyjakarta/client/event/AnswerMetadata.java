package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an answer cost and what it rests on: {@code metadata} of {@code message_end} and of what the blocking mode answers.
 * Dify Service API, "Send Chat Message".
 *
 * @param json all of it, as it came
 */
public record AnswerMetadata(DifyJson json) {
    /** Nothing is known. */
    public static final AnswerMetadata NONE = new AnswerMetadata(DifyJson.EMPTY);

    /** What it cost; {@link Usage#NONE} where nothing was said about it. */
    public Usage usage() {
        return json.optionalObject("usage").map(Usage::new).orElse(Usage.NONE);
    }

    /** The documents it rests on. */
    public List<RetrieverResource> retrieverResources() {
        return json.objects("retriever_resources").stream()
                .map(RetrieverResource::new)
                .toList();
    }

    /** The annotation that was given for an answer; chatflows do not tell. */
    public Optional<AnnotationReply> annotationReply() {
        return json.optionalObject("annotation_reply").map(AnnotationReply::new);
    }

    /** What models thought, by node id, where nodes keep that apart. From Dify 1.15 on. */
    public Map<String, String> reasoning() {
        DifyJson byNode = json.object("reasoning");
        Map<String, String> reasoning = new LinkedHashMap<>();
        byNode.fields().forEach(node -> reasoning.put(node, byNode.text(node)));
        return Collections.unmodifiableMap(reasoning);
    }
}
