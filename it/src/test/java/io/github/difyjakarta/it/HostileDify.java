package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What tests with a hostile Dify share: its settings, questions, and what no answer may hold. */
final class HostileDify {
    static final String KEY = "app-KeyThatNobodyMaySee";
    static final String MARK = "SecretOfTheUpstream";

    private HostileDify() {}

    /** Of an app that is asked once, and patient for a second or so. */
    static Map<String, String> settings(DifySimulator dify, String... more) {
        Map<String, String> settings = Wars.with(
                Wars.settings(dify),
                "dify.mode",
                "chat",
                "dify.timeout.connect",
                "400ms",
                "dify.timeout.headers",
                "1s",
                "dify.timeout.idle",
                "1s",
                "dify.timeout.total",
                "3s",
                "dify.retry.attempts",
                "1",
                "dify.max-event-bytes",
                "64KiB",
                "dify.circuit-breaker.enabled",
                "false");
        return Wars.with(settings, more);
    }

    /** An answer, and whether it says by status or by its last event how it failed. */
    record Answer(HttpConnection.Head head, String body) {
        List<String> events() {
            return Answers.data(body);
        }

        /** By a problem with this status, or, where the head was out already, by an event that names it. */
        void assertFails(int status, String code) {
            if (head.status() == 200) {
                assertThat(events()).as(body).isNotEmpty();
                assertThat(events().get(events().size() - 1))
                        .startsWith("{\"event\":\"error\"")
                        .contains("\"code\":\"" + code + "\"", "\"status\":" + status, "\"retryable\":");
            } else {
                assertThat(body).contains("\"code\":\"" + code + "\"");
                assertThat(head.status()).isEqualTo(status);
                assertThat(head.header("Content-Type")).isEqualTo("application/problem+json");
            }
            assertLeaksNothing();
        }

        void assertLeaksNothing() {
            assertThat(head + body)
                    .doesNotContain(KEY)
                    .doesNotContain(MARK)
                    .doesNotContain("127.0.0.1")
                    .doesNotContain("Exception")
                    .doesNotContain("\tat ");
        }
    }

    /** Asks for a stream, with headers of a user and more. */
    static Answer ask(PayaraServer server, String context, String app, String body, String... more) {
        List<String> headers = new ArrayList<>(List.of(HttpConnection.user("ada")));
        headers.addAll(List.of(more));
        try (HttpConnection browser = new HttpConnection(server.port())) {
            browser.post("/" + context + "/dify/" + app + "/chat-messages", body, headers.toArray(String[]::new));
            HttpConnection.Head head = browser.readHead();
            return new Answer(head, browser.readBody(head));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port where nobody takes connections any more: the queue is full, and new ones get no answer. */
    static final class FullPort implements AutoCloseable {
        private final ServerSocket socket;
        private final List<Socket> waiting = new ArrayList<>();

        FullPort() {
            try {
                socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                for (int i = 0; i < 2; i++) {
                    waiting.add(new Socket(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String url() {
            return "http://127.0.0.1:" + socket.getLocalPort() + "/v1";
        }

        @Override
        public void close() throws IOException {
            for (Socket client : waiting) {
                client.close();
            }
            socket.close();
        }
    }
}
