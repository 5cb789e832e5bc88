package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import java.io.IOException;
import java.time.Duration;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Behind an nginx as it comes: response buffering on, HTTP/1.0 to the server. */
@ExtendWith(SharedServer.class)
class NginxIT {

    private static final DifySimulator DIFY = DifySimulator.start();
    private static final WebArchive WAR = Wars.chat("nginx.war", Wars.settings(DIFY));

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    @Test
    void passesEachEventOnBeforeTheNextIsSent(PayaraServer server) throws IOException {
        Arrival arrival = new Arrival(200, Duration.ofMillis(50));
        DIFY.next(arrival.script("nginx"));

        try (Nginx nginx = Nginx.before(server.port());
                HttpConnection browser = new HttpConnection(nginx.port())) {
            browser.post("/nginx/dify/default/chat-messages", QUESTION, HttpConnection.user("ada"));
            HttpConnection.Head head = browser.readHead();
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Server")).startsWith("nginx");
            arrival.measure(browser);
        }

        arrival.assertThatEventsArriveOneByOneInTime();
    }
}
