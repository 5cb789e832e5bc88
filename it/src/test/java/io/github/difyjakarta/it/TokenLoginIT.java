package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.it.host.TokenApi;
import io.github.difyjakarta.simulator.DifySimulator;
import java.time.Duration;
import java.util.List;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Users who are known by tokens of somebody else's (MicroProfile JWT), as are their roles. */
@ExtendWith(SharedServer.class)
class TokenLoginIT {
    private static final String QUESTION = "{\"query\":\"Hello?\",\"inputs\":{},\"response_mode\":\"streaming\"}";
    private static final Duration VALID = Duration.ofMinutes(5);

    private static final Tokens TOKENS = new Tokens();
    private static final DifySimulator DIFY =
            DifySimulator.builder().typing(Duration.ZERO).start();
    private static final WebArchive WAR = Wars.plain(
                    "tokens.war",
                    Wars.with(
                            Wars.settings(DIFY),
                            "dify.relay.roles-allowed",
                            "chatter",
                            "mp.jwt.verify.publickey",
                            TOKENS.publicKey(),
                            "mp.jwt.verify.issuer",
                            Tokens.ISSUER))
            .addClass(TokenApi.class);

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private final PayaraServer server;

    TokenLoginIT(PayaraServer server) {
        this.server = server;
    }

    private Front.Answer ask(String... headers) {
        return new Front(server.port(), "/tokens/dify/default/", List.of(headers))
                .send("POST", "chat-messages", QUESTION);
    }

    @Test
    void answersWhoseTokenNamesTheRoleAsTheUserOfTheToken() {
        Front.Answer answer = ask(TOKENS.header("ada@example.org", VALID, "chatter"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).contains("\"message_end\"");
        assertThat(DIFY.requests())
                .anyMatch(request -> request.path().equals("/chat-messages")
                        && request.body().contains("\"user\":\"ada@example.org\""));
    }

    @Test
    void refusesWithoutAskingDifyWhoHasNotTheRoleOrNoGoodToken() {
        int before = DIFY.requests().size();

        ask(TOKENS.header("bob@example.org", VALID, "reader")).assertIsProblem(403, "forbidden");
        ask().assertIsProblem(401, "unauthorized");
        assertThat(ask(TOKENS.header("eve", Duration.ofMinutes(-30), "chatter")).status())
                .as("out of date")
                .isEqualTo(401);
        assertThat(ask(new Tokens().header("eve", VALID, "chatter")).status())
                .as("signed by another")
                .isEqualTo(401);

        assertThat(DIFY.requests()).hasSize(before);
    }
}
