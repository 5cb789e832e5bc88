package io.github.difyjakarta.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * How an app wants to be presented: {@code GET /parameters}.
 *
 * @param openingStatement what the app says first; may be empty
 * @param suggestedQuestions to begin with
 * @param json all of it, as it came: input form, file limits, switches
 */
public record AppParameters(String openingStatement, List<String> suggestedQuestions, String json) {
    static AppParameters of(JsonNode parameters, String json) {
        List<String> questions = new ArrayList<>();
        parameters.path("suggested_questions").forEach(question -> questions.add(question.asText("")));
        return new AppParameters(parameters.path("opening_statement").asText(""), List.copyOf(questions), json);
    }
}
