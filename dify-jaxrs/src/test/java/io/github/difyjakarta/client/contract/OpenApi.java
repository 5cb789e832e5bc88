package io.github.difyjakarta.client.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.stream.Collectors;

/** An OpenAPI 3.0 document, asked whether requests are as it says. */
final class OpenApi {
    private static final String ADDRESS = "https://contract.example/openapi.json";

    private final List<Endpoint> endpoints = Published.endpoints();
    private final JsonNode document;
    private final SchemaRegistry schemas;

    OpenApi(String json) {
        document = Published.parse(json);
        schemas = SchemaRegistry.withDefaultDialect(
                Dialects.getOpenApi30(), builder -> builder.schemas(Map.of(ADDRESS, json))
                        .schemaRegistryConfig(SchemaRegistryConfig.builder()
                                .formatAssertionsEnabled(true)
                                .build()));
    }

    Operation operation(RecordedRequest request) {
        return Endpoint.of(request.method(), request.path(), endpoints)
                .map(this::operation)
                .orElseThrow(() -> new AssertionError("the contract knows no " + request));
    }

    Operation operation(Endpoint endpoint) {
        return new Operation(endpoint);
    }

    /** One endpoint as it is described. */
    final class Operation {
        private final Endpoint endpoint;
        private final JsonNode described;
        private final String place;

        private Operation(Endpoint endpoint) {
            this.endpoint = endpoint;
            String method = endpoint.method().toLowerCase(Locale.ROOT);
            described = document.path("paths").path(endpoint.path()).path(method);
            place = "/paths/" + endpoint.path().replace("/", "~1") + "/" + method;
        }

        Endpoint endpoint() {
            return endpoint;
        }

        /** Names of what a request can carry: parameters, and fields of its body. */
        Set<String> parts() {
            Set<String> parts = new LinkedHashSet<>();
            described
                    .path("parameters")
                    .forEach(parameter -> parts.add(parameter.path("name").asText()));
            properties().fieldNames().forEachRemaining(parts::add);
            return parts;
        }

        /** Names of what this one carries. */
        Set<String> partsOf(RecordedRequest request) {
            Set<String> parts = new LinkedHashSet<>(parameters(request).keySet());
            parts.addAll(fields(request).keySet());
            return parts;
        }

        /** What is not as described; also a parameter or field that nobody described. */
        List<String> complaints(RecordedRequest request) {
            List<String> complaints = new ArrayList<>();
            complainOfParameters(request, complaints);
            String mediaType = mediaType();
            if (mediaType.isEmpty()) {
                if (!request.body().isEmpty()) {
                    complaints.add("a body where none belongs");
                }
                return complaints;
            }
            if (!request.header("content-type").orElse("").startsWith(mediaType)) {
                complaints.add("content type " + request.header("content-type") + ", not " + mediaType);
            }
            Set<String> known = new LinkedHashSet<>();
            properties().fieldNames().forEachRemaining(known::add);
            Map<String, JsonNode> fields = fields(request);
            fields.keySet().stream()
                    .filter(field -> !known.contains(field))
                    .forEach(field -> complaints.add("the field " + field + " is unknown"));
            JsonNode body = Published.JSON.valueToTree(fields);
            complain("the body", schema(bodyPlace()), body, complaints);
            return complaints;
        }

        private void complainOfParameters(RecordedRequest request, List<String> complaints) {
            Map<String, String> given = new LinkedHashMap<>(parameters(request));
            int index = 0;
            for (JsonNode parameter : described.path("parameters")) {
                String name = parameter.path("name").asText();
                String value = given.remove(name);
                if (value != null) {
                    Schema schema = schema(place + "/parameters/" + index + "/schema");
                    complain(
                            name,
                            schema,
                            typed(value, parameter.path("schema").path("type").asText()),
                            complaints);
                } else if (parameter.path("required").asBoolean()) {
                    complaints.add("the parameter " + name + " is missing");
                }
                index++;
            }
            given.keySet().forEach(name -> complaints.add("the parameter " + name + " is unknown"));
        }

        /** Those of the path and of the query, decoded. */
        private Map<String, String> parameters(RecordedRequest request) {
            Map<String, String> parameters = new LinkedHashMap<>();
            Matcher names = endpoint.pattern().matcher(endpoint.path());
            Matcher values = endpoint.pattern().matcher(request.path());
            if (names.matches() && values.matches()) {
                for (int group = 1; group <= names.groupCount(); group++) {
                    parameters.put(names.group(group).replaceAll("[{}]", ""), decoded(values.group(group)));
                }
            }
            for (String pair :
                    request.query().isEmpty() ? new String[0] : request.query().split("&", -1)) {
                int equals = pair.indexOf('=');
                parameters.put(decoded(pair.substring(0, equals)), decoded(pair.substring(equals + 1)));
            }
            return parameters;
        }

        /** Those of the body: of an object, or the parts of a form. */
        private Map<String, JsonNode> fields(RecordedRequest request) {
            if (mediaType().equals("multipart/form-data")) {
                return SentForm.read(request).entrySet().stream()
                        .collect(Collectors.toMap(Map.Entry::getKey, part -> new TextNode(part.getValue())));
            }
            return request.body().isEmpty()
                    ? Map.of()
                    : Published.parse(request.body()).properties().stream()
                            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        private String mediaType() {
            JsonNode content = described.path("requestBody").path("content");
            return content.isEmpty() ? "" : content.fieldNames().next();
        }

        private String bodyPlace() {
            return place + "/requestBody/content/" + mediaType().replace("/", "~1") + "/schema";
        }

        private JsonNode properties() {
            if (mediaType().isEmpty()) {
                return document.path("no body");
            }
            JsonNode schema = document.at(bodyPlace());
            String reference = schema.path("$ref").asText();
            return (reference.isEmpty() ? schema : document.at(reference.substring(1))).path("properties");
        }
    }

    private Schema schema(String place) {
        return schemas.getSchema(SchemaLocation.of(ADDRESS + "#" + place));
    }

    private static void complain(String what, Schema schema, JsonNode value, List<String> complaints) {
        schema.validate(value).forEach(error -> complaints.add(what + ": " + error));
    }

    private static JsonNode typed(String value, String type) {
        return switch (type) {
            case "integer" -> LongNode.valueOf(Long.parseLong(value));
            case "boolean" -> BooleanNode.valueOf(Boolean.parseBoolean(value));
            default -> TextNode.valueOf(value);
        };
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, UTF_8);
    }
}
