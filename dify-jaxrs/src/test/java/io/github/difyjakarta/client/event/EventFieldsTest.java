package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.difyjakarta.client.json.Jackson;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nothing that Dify sends is lost on the way to a type. */
class EventFieldsTest {
    /** By its path without indexes: what no record names, since nobody misses it. */
    private static final Map<String, String> EXCEPTIONS = Map.of(
            "event", "is the type of the record",
            "data.reasons.TYPE", "says that a reason is a form; the form is typed",
            "data.files.dify_model_identity", "marks a file as one; the file is typed",
            "files.dify_model_identity", "marks a file as one; the file is typed");

    private static final Pattern NUMERIC = Pattern.compile("-?[0-9.]+(E-?[0-9]+)?");

    static Stream<Path> streams() {
        return Transcripts.all();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void knowsEveryEvent(Path stream) {
        assertThat(Transcripts.frames(stream).stream().map(DifyFrame::toEvent))
                .noneMatch(DifyEvent.Other.class::isInstance);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void makesEveryFieldReachableByTheMethodsOfItsRecord(Path stream) throws IOException {
        Map<String, JsonNode> shapes = new LinkedHashMap<>();
        for (DifyFrame frame : Transcripts.frames(stream)) {
            JsonNode root = Jackson.MAPPER.readTree(frame.jsonBytes());
            shapes.putIfAbsent(frame.name() + new Marked(root).leaves.keySet(), root);
        }
        for (JsonNode root : shapes.values()) {
            Marked marked = new Marked(root);
            Reachable reachable = Reachable.from(
                    DifyFrame.of(marked.root.toString().getBytes(UTF_8)).toEvent());
            marked.leaves.forEach((path, value) -> assertThat(reachable.has(value))
                    .as("%s of %s", path, root.path("event").asText())
                    .isTrue());
            assertThat(reachable.flags())
                    .as("flags of %s", root.path("event").asText())
                    .isGreaterThanOrEqualTo(marked.flags);
        }
    }

    /** A copy of an event whose values are all different, and true where they are flags. */
    private static final class Marked {
        final JsonNode root;
        final Map<String, String> leaves = new LinkedHashMap<>();
        int flags;
        private int next = 7_000_000;

        Marked(JsonNode event) {
            root = event.deepCopy();
            mark("", root);
        }

        private void mark(String path, JsonNode node) {
            if (node instanceof ObjectNode object) {
                List<String> names =
                        object.properties().stream().map(Map.Entry::getKey).toList();
                for (String name : names) {
                    String inner = path.isEmpty() ? name : path + "." + name;
                    if (!EXCEPTIONS.containsKey(inner.replaceAll("\\[[0-9]+]", ""))) {
                        object.set(name, marked(inner, object.get(name)));
                    }
                }
            } else if (node instanceof ArrayNode array) {
                for (int i = 0; i < array.size(); i++) {
                    array.set(i, marked(path + "[" + i + "]", array.get(i)));
                }
            }
        }

        private JsonNode marked(String path, JsonNode value) {
            next++;
            if (value.isBoolean()) {
                flags++;
                return Jackson.MAPPER.getNodeFactory().booleanNode(true);
            }
            if (value.isIntegralNumber()) {
                leaves.put(path, String.valueOf(next));
                return Jackson.MAPPER.getNodeFactory().numberNode(next);
            }
            if (value.isNumber()) {
                BigDecimal number = new BigDecimal(next + ".5");
                leaves.put(path, Reachable.number(number));
                return Jackson.MAPPER.getNodeFactory().numberNode(number);
            }
            if (value.isTextual()) {
                String text = NUMERIC.matcher(value.asText()).matches() ? String.valueOf(next) : "text " + next;
                leaves.put(path, text);
                return Jackson.MAPPER.getNodeFactory().textNode(text);
            }
            mark(path, value);
            return value;
        }
    }
}
