package io.github.difyjakarta.client.annotation;

import io.github.difyjakarta.client.call.Require;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How Dify finds the annotation for a question. Dify wants them for switching off as well.
 *
 * @param embeddingProvider name of a provider of embedding models in the workspace
 * @param embeddingModel name of its model
 * @param scoreThreshold how alike a question must be; 0 to 1
 */
public record ReplySettings(String embeddingProvider, String embeddingModel, double scoreThreshold) {
    /**
     * @throws IllegalArgumentException naming what is missing or out of its range
     */
    public ReplySettings {
        Require.text("embeddingProvider", embeddingProvider);
        Require.text("embeddingModel", embeddingModel);
        Require.check(
                scoreThreshold >= 0 && scoreThreshold <= 1, "scoreThreshold must be 0 to 1, not " + scoreThreshold);
    }

    Map<String, Object> toBody() {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("embedding_provider_name", embeddingProvider);
        body.put("embedding_model_name", embeddingModel);
        body.put("score_threshold", scoreThreshold);
        return body;
    }
}
