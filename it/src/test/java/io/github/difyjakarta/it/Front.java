package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * A front end of one user's, at an app's endpoints.
 *
 * @param port of the server
 * @param app its path, {@code /context/dify/app/}
 * @param headers sent with every request
 */
record Front(int port, String app, List<String> headers) {
    /** As scripts of the own site say it, which without this could be a form of another's. */
    private static final String SCRIPT = "X-Requested-With: Front";

    private static final JsonMapper MAPPER = new JsonMapper();

    /** A response that has wholly come. */
    record Answer(HttpConnection.Head head, String body) {
        int status() {
            return head.status();
        }

        JsonNode json() {
            return parse(body);
        }

        void assertIsProblem(int status, String code) {
            assertThat(body).contains("\"code\":\"" + code + "\"", "\"status\":" + status);
            assertThat(head.status()).isEqualTo(status);
            assertThat(head.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(head.header("Cache-Control")).isEqualTo("no-store");
        }
    }

    /** Of a user of {@link io.github.difyjakarta.it.host.Passwords}. */
    static Front of(PayaraServer server, String context, String app, String user) {
        return new Front(
                server.port(), "/" + context + "/dify/" + app + "/", List.of(HttpConnection.user(user), SCRIPT));
    }

    /** The same user with another header. */
    Front with(String header) {
        List<String> more = new ArrayList<>(headers);
        more.add(header);
        return new Front(port, app, more);
    }

    /** The same without a login. */
    Front loggedOut() {
        return new Front(port, app, List.of(SCRIPT));
    }

    /** Asks something, and has the answer as a document. */
    JsonNode ask() {
        return send("POST", "chat-messages", "{\"query\":\"Where is order 4711?\",\"inputs\":{}}")
                .json();
    }

    Answer get(String path) {
        return send("GET", path);
    }

    /** Without a body. */
    Answer send(String method, String path) {
        return asked(browser -> browser.send(method, app + path, headers));
    }

    /** With a JSON body, or one of the type that the headers name. */
    Answer send(String method, String path, String body) {
        return asked(browser -> browser.send(method, app + path, body, headers.toArray(String[]::new)));
    }

    private interface Asking {
        HttpConnection send(HttpConnection browser) throws IOException;
    }

    private Answer asked(Asking asking) {
        try (HttpConnection browser = new HttpConnection(port)) {
            HttpConnection.Head head = asking.send(browser).readHead();
            return new Answer(head, browser.readBody(head));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A path of somebody's conversation and message, in place of {@code {conversation}} and {@code {message}}. */
    static String path(String template, String conversation, String message) {
        return template.replace("{conversation}", conversation).replace("{message}", message);
    }

    /** A path that nobody has anything at. */
    static String unknown(String template) {
        String id = UUID.randomUUID().toString();
        return path(template, id, id);
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(json, e);
        }
    }
}
