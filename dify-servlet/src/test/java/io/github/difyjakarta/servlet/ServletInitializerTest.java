package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class ServletInitializerTest {

    private static String accelBuffering(UnaryOperator<TestServer> setUp) throws IOException {
        try (TestServer server = new TestServer()) {
            server.context().addServletContainerInitializer(new ServletInitializer(), Set.of());
            setUp.apply(server)
                    .servlet("/stream", (request, response) -> {
                        response.setContentType("text/event-stream");
                        response.getOutputStream().write("data: 1\n\n".getBytes(UTF_8));
                        response.setHeader("X-Async", Boolean.toString(request.isAsyncSupported()));
                        response.flushBuffer();
                    })
                    .start();
            try (RawClient client = server.client()) {
                RawClient.Answer answer = client.get("/stream").readHead();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("X-Async")).isEqualTo("true");
                return answer.header("X-Accel-Buffering");
            }
        }
    }

    private static TestServer parameter(TestServer server, String name, String value) {
        server.context().addParameter(name, value);
        return server;
    }

    @Test
    void isFoundByTheContainer() {
        assertThat(ServiceLoader.load(ServletContainerInitializer.class))
                .hasAtLeastOneElementOfType(ServletInitializer.class);
    }

    @Test
    void mapsTheFilterToEverything() throws IOException {
        assertThat(accelBuffering(server -> server)).isEqualTo("no");
    }

    @Test
    void mapsTheFilterToTheConfiguredPatterns() throws IOException {
        assertThat(accelBuffering(server -> parameter(server, "dify.streaming.url-patterns", "/other/*, /str*")))
                .isEmpty();
        assertThat(accelBuffering(server -> parameter(server, "dify.streaming.url-patterns", "/other/*, /stream")))
                .isEqualTo("no");
    }

    @Test
    void canBeSwitchedOff() throws IOException {
        assertThat(accelBuffering(server -> parameter(server, "dify.streaming.enabled", "false")))
                .isEmpty();
    }

    @Test
    void letsTheApplicationStartWhenASettingIsWrong() throws IOException {
        assertThat(accelBuffering(server -> parameter(server, "dify.streaming.enabled", "perhaps")))
                .isEmpty();
    }

    @Test
    void leavesFiltersAloneThatTheApplicationHasRegistered() {
        try (TestServer server = new TestServer()) {
            server.context().addServletContainerInitializer(new ServletInitializer(), Set.of());
            server.filter(new StreamingFilter(), DispatcherType.REQUEST)
                    .filter(new QuotaFilter(), DispatcherType.REQUEST)
                    .start();
            ServletContext context = server.context().getServletContext();
            assertThat(context.getFilterRegistrations()).containsOnlyKeys("StreamingFilter", "QuotaFilter");
        }
    }
}
