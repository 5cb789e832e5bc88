package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import java.io.IOException;
import java.time.Duration;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** While an answer is under way its peer is watched; the next request of that peer must not be taken for part of it. */
@ExtendWith(SharedServer.class)
class NextRequestIT {
    private static final int REQUESTS = 50;

    private static final DifySimulator DIFY =
            DifySimulator.builder().typing(Duration.ZERO).start();
    private static final WebArchive WAR = Wars.chat("next.war", Wars.settings(DIFY));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    @ParameterizedTest(name = "after {0}")
    @CsvSource(delimiter = '|', textBlock = """
                    a document | {"query":"Hello?","inputs":{},"response_mode":"blocking"} | 200
                    a stream | {"query":"Hello?","inputs":{},"response_mode":"streaming"} | 200
                    a refusal | {"query":"Hello?","inputs":{},"conversation_id":"00000000-0000-4000-8000-000000000000"} | 404
                    """)
    void comesThroughOnTheSameConnectionAtOnce(String kind, String body, int status, PayaraServer server)
            throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            for (int i = 0; i < REQUESTS; i++) {
                browser.post("/next/dify/default/chat-messages", body, HttpConnection.user("ada"));
                HttpConnection.Head head = browser.readHead();
                assertThat(head.status()).as("request " + i + " after " + kind).isEqualTo(status);
                assertThat(browser.readBody(head)).isNotEmpty();
                assertThat(head.isLast()).isFalse();
            }
        }
    }
}
