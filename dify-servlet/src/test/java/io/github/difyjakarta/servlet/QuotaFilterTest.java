package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.quota.Cost;
import io.github.difyjakarta.quota.Logged;
import io.github.difyjakarta.quota.QuotaCaller;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.quota.Refusal;
import io.github.difyjakarta.quota.StructuredList;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.security.Principal;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An application on plain Tomcat that knows nothing but this JAR: no CDI, no Jakarta REST, no MicroProfile. */
class QuotaFilterTest {

    private final TestServer server = new TestServer();

    /** A login that a test can choose by {@code ?login=}, in the application's own filter. */
    private static final Filter LOGIN = (request, response, chain) -> {
        String login = request.getParameter("login");
        chain.doFilter(login == null ? request : new Known((HttpServletRequest) request, login), response);
    };

    private static final class Known extends HttpServletRequestWrapper {
        private final String name;

        Known(HttpServletRequest request, String name) {
            super(request);
            this.name = name;
        }

        @Override
        public Principal getUserPrincipal() {
            return () -> name;
        }

        @Override
        public boolean isUserInRole(String role) {
            return name.startsWith(role);
        }
    }

    /** Named in a setting. */
    public static final class ByParameter implements CallerResolver {
        @Override
        public Optional<String> callerOf(HttpServletRequest request) {
            return Optional.ofNullable(request.getParameter("session"));
        }
    }

    private TestServer limited(Map<String, String> settings) {
        settings.forEach(server.context()::addParameter);
        server.filter(LOGIN, DispatcherType.REQUEST, DispatcherType.ASYNC);
        server.context().addServletContainerInitializer(new ServletInitializer(), Set.of());
        server.servlet("/free", (request, response) -> response.getWriter().write("free"));
        server.servlet("/limited", (request, response) -> response.getWriter().write("ok"));
        return server;
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private int[] statuses(int requests, String path, String... headers) throws IOException {
        int[] statuses = new int[requests];
        try (RawClient client = server.client()) {
            for (int i = 0; i < requests; i++) {
                RawClient.Answer answer = client.get(path, headers).readHead();
                statuses[i] = answer.status();
                client.readBody(answer);
            }
        }
        return statuses;
    }

    private int passed(int requests, String path, String... headers) throws IOException {
        return (int) Arrays.stream(statuses(requests, path, headers))
                .filter(status -> status == 200)
                .count();
    }

    private Quotas quotas() {
        return QuotaFilter.quotas(server.context().getServletContext()).orElseThrow();
    }

    @Test
    void limitsAUrlOfTheApplicationsOwnAndNoOther() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.user.requests-per-minute", "3"))
                .start();
        assertThat(statuses(5, "/limited?login=ada")).containsExactly(200, 200, 200, 429, 429);
        assertThat(passed(5, "/limited?login=bob")).isEqualTo(3);
        assertThat(passed(30, "/free?login=ada")).isEqualTo(30);
    }

    @Test
    void answersTheRefusedWithAProblemAndWhenToComeAgain() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.user.requests-per-minute", "2"))
                .start();
        try (RawClient client = server.client()) {
            RawClient.Answer allowed = client.get("/limited?login=ada").readHead();
            client.readBody(allowed);
            assertThat(StructuredList.parse(allowed.header("RateLimit-Policy")))
                    .extracting(StructuredList.Item::name)
                    .containsExactly("requests-per-minute", "streams");
            assertThat(StructuredList.parse(allowed.header("RateLimit")).get(0).number("r"))
                    .isEqualTo(1);
            assertThat(allowed.header("Retry-After")).isEmpty();
            client.readBody(client.get("/limited?login=ada").readHead());
            RawClient.Answer refused = client.get("/limited?login=ada").readHead();
            String problem = client.readBody(refused);
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("Content-Type")).startsWith("application/problem+json");
            assertThat(refused.header("Cache-Control")).isEqualTo("no-store");
            long retryAfter = Long.parseLong(refused.header("Retry-After"));
            StructuredList.Item standing =
                    StructuredList.parse(refused.header("RateLimit")).get(0);
            assertThat(standing.number("r")).isZero();
            assertThat(retryAfter).isBetween(Math.max(1, standing.number("t")), 30L);
            assertThat(StructuredList.parse(refused.header("RateLimit-Policy"))).isNotEmpty();
            assertThat(problem)
                    .contains("\"status\":429", "\"code\":\"quota_exceeded\"", "\"message\":\"")
                    .contains("\"violated-policies\":[\"requests-per-minute\"]");
            assertThat(refused.header("X-RateLimit-Limit")).isEmpty();
        }
    }

    @Test
    void speaksTheOlderHeadersOnRequest() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.legacy-headers", "true"))
                .start();
        try (RawClient client = server.client()) {
            RawClient.Answer answer = client.get("/limited?login=ada").readHead();
            assertThat(answer.header("X-RateLimit-Remaining")).isEqualTo("2");
        }
    }

    @Test
    void limitsNothingButDifyOutOfTheBox() throws IOException {
        limited(Map.of())
                .servlet("/dify/*", (request, response) -> response.getWriter().write("ok"))
                .start();
        assertThat(passed(30, "/limited?login=ada")).isEqualTo(30);
        assertThat(passed(30, "/dify/support/chat-messages?login=ada")).isEqualTo(20);
        assertThat(passed(10, "/dify/x")).as("nobody").isEqualTo(5);
    }

    @Test
    void canBeSwitchedOff() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.enabled", "false"))
                .start();
        assertThat(passed(30, "/limited")).isEqualTo(30);
        assertThat(QuotaFilter.quotas(server.context().getServletContext())).isEmpty();
    }

    @Test
    void startsTheApplicationWithTheDefaultOfASettingThatIsWrong() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.user.requests-per-minute", "lots"))
                .start();
        assertThat(passed(30, "/limited?login=ada")).isEqualTo(20);
    }

    @Test
    void believesNoHeaderAboutWhoAsks() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited")).start();
        int passed = 0;
        for (int i = 0; i < 10; i++) {
            passed += passed(
                    1,
                    "/limited?user=victim" + i,
                    "X-Forwarded-For: 198.51.100." + i,
                    "Forwarded: for=198.51.100." + i,
                    "X-Real-IP: 198.51.100." + i,
                    "X-User-ID: victim" + i,
                    "Cookie: dify-anonymous=" + "abcdefgh".repeat(4).substring(1) + i);
        }
        assertThat(passed).isEqualTo(5);
    }

    @Test
    void countsAStormOfUnauthenticatedRequestsByItsAddressAndNotByTheNamesItGuesses() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/private"))
                .servlet("/private", (request, response) -> response.sendError(401))
                .start();
        int unauthorized = 0;
        for (int i = 0; i < 50; i++) {
            unauthorized += statuses(1, "/private", "Authorization: Basic bmFtZTppcz" + i)[0] == 401 ? 1 : 0;
        }
        assertThat(unauthorized).isEqualTo(5);
    }

    @Test
    void readsTheAddressFromATrustedProxy() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.trusted-proxies", "127.0.0.0/8"))
                .start();
        assertThat(passed(9, "/limited", "X-Forwarded-For: 1.1.1.1", "X-Forwarded-For: 198.51.100.1"))
                .isEqualTo(5);
        assertThat(passed(9, "/limited", "X-Forwarded-For: 2.2.2.2, 198.51.100.1"))
                .isZero();
        assertThat(passed(9, "/limited", "X-Forwarded-For: 198.51.100.2")).isEqualTo(5);
    }

    @Test
    void asksTheResolverOfTheApplication() throws IOException {
        limited(Map.of(
                        "dify.quota.url-patterns",
                        "/limited",
                        "dify.quota.caller-resolver",
                        ByParameter.class.getName(),
                        "dify.quota.user.requests-per-minute",
                        "7"))
                .start();
        assertThat(passed(10, "/limited?session=ada")).isEqualTo(7);
        assertThat(passed(10, "/limited?session=bob")).isEqualTo(7);
        assertThat(passed(10, "/limited?login=eve")).as("not known to it").isEqualTo(5);
    }

    /** Its class cannot be initialized. */
    public static final class Broken implements CallerResolver {
        private static final int NUMBER = Integer.parseInt("none");

        @Override
        public Optional<String> callerOf(HttpServletRequest request) {
            return Optional.of("user" + NUMBER);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"com.example.None", "io.github.difyjakarta.servlet.QuotaFilterTest$Broken"})
    void asksTheContainerWhereTheResolverCannotBeHad(String resolver) throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.caller-resolver", resolver))
                .start();
        assertThat(passed(30, "/limited?login=ada")).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hazelcast", "redis"})
    void countsForItselfWhereTheSharedStoreCannotBeHad(String store) throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.store", store))
                .start();
        assertThat(passed(30, "/limited?login=ada")).isEqualTo(20);
    }

    @Test
    void givesARoleItsOwnLimits() throws IOException {
        limited(Map.of(
                        "dify.quota.url-patterns",
                        "/limited",
                        "dify.quota.roles",
                        "premium",
                        "dify.quota.role.premium.requests-per-minute",
                        "25"))
                .start();
        assertThat(passed(30, "/limited?login=premium-ada")).isEqualTo(25);
        assertThat(passed(30, "/limited?login=ada")).isEqualTo(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//limited",
                "/limited/",
                "/LIMITED",
                "/%6cimited",
                "/limited;x=1",
                "/./limited",
                "/a/../limited",
                "/;a/limited"
            })
    void hasNoWayRoundItByAnotherSpelling(String spelling) throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.user.requests-per-minute", "1"))
                .servlet("/*", (request, response) -> response.getWriter().write("a lenient router"))
                .start();
        assertThat(passed(1, "/limited?login=ada")).isEqualTo(1);
        assertThat(statuses(1, spelling + "?login=ada")).containsExactly(429);
    }

    @Test
    void countsAForwardToALimitedUrlOnce() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited,/also", "dify.quota.user.requests-per-minute", "4"))
                .servlet("/door", (request, response) -> request.getRequestDispatcher("/limited")
                        .forward(request, response))
                .servlet("/also", (request, response) -> request.getRequestDispatcher("/limited")
                        .forward(request, response))
                .start();
        assertThat(passed(6, "/door?login=ada")).as("not skipped").isEqualTo(4);
        assertThat(passed(6, "/also?login=bob")).as("not twice").isEqualTo(4);
    }

    @Test
    void countsAnAsynchronousDispatchToALimitedUrlOnce() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited,/also", "dify.quota.user.requests-per-minute", "4"))
                .servlet("/door", (request, response) -> request.startAsync().dispatch("/limited"))
                .servlet("/also", (request, response) -> request.startAsync().dispatch("/limited"))
                .start();
        assertThat(passed(6, "/door?login=ada")).as("not skipped").isEqualTo(4);
        assertThat(passed(6, "/also?login=bob")).as("not twice").isEqualTo(4);
    }

    @Test
    void letsAWebSocketMessageCountLikeARequest() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.user.requests-per-minute", "4"))
                .start();
        assertThat(passed(2, "/limited?login=ada")).isEqualTo(2);
        Quotas quotas = quotas();
        for (int message = 0; message < 2; message++) {
            try (Admission admission =
                    (Admission) quotas.admit(quotas.caller("Ada", role -> false), Optional.empty(), Cost.STREAM)) {
                assertThat(admission.standings()).isNotEmpty();
            }
        }
        assertThat(quotas.admit(quotas.caller("ada", role -> false), Optional.empty(), Cost.STREAM))
                .isInstanceOf(Refusal.class);
        assertThat(passed(2, "/limited?login=ada")).isZero();
    }

    @Test
    void givesTheAdmissionToTheApplication() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/counted", "dify.quota.user.tokens-per-day", "1500"))
                .servlet("/counted", (request, response) -> response.getWriter()
                        .write(QuotaFilter.admission(request)
                                .orElseThrow()
                                .reserveTokens(0)
                                .getClass()
                                .getSimpleName()))
                .start();
        try (RawClient client = server.client()) {
            RawClient.Answer first = client.get("/counted?login=ada").readHead();
            assertThat(client.readBody(first)).isEqualTo("Charge");
            RawClient.Answer second = client.get("/counted?login=ada").readHead();
            assertThat(client.readBody(second)).isEqualTo("Refusal");
        }
    }

    @Test
    void leavesStreamsUnbufferedAndRefusesThemBeforeTheirHead() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/stream", "dify.quota.user.requests-per-minute", "1"))
                .servlet("/stream", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    response.setContentType("text/event-stream");
                    response.getOutputStream().write("data: 1\n\n".getBytes(UTF_8));
                    async.complete();
                })
                .start();
        try (RawClient client = server.client()) {
            RawClient.Answer answer = client.get("/stream?login=ada").readHead();
            assertThat(answer.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(answer.header("RateLimit")).contains("r=0");
            assertThat(client.readBody(answer)).isEqualTo("data: 1\n\n");
            RawClient.Answer refused = client.get("/stream?login=ada").readHead();
            assertThat(refused.status()).isEqualTo(429);
            assertThat(refused.header("X-Accel-Buffering")).isEmpty();
        }
    }

    @Test
    void takesItsSettingsFromInitParametersWhereTheApplicationMapsIt() throws IOException, ServletException {
        server.context()
                .addServletContainerInitializer(
                        (classes, context) -> {
                            var registration = context.addFilter("mine", QuotaFilter.class);
                            registration.setAsyncSupported(true);
                            registration.setInitParameter("dify.quota.user.requests-per-minute", " 2 ");
                            registration.addMappingForUrlPatterns(null, true, "/limited");
                        },
                        Set.of());
        limited(Map.of()).start();
        assertThat(passed(5, "/limited?login=ada")).isEqualTo(2);
        assertThat(passed(5, "/free?login=ada")).isEqualTo(5);
    }

    @Test
    void declaresTheRolesOfItsSettingsWhereTheApplicationMapsItToo() {
        server.context()
                .addServletContainerInitializer(
                        (classes, context) -> context.addFilter("mine", QuotaFilter.class)
                                .setInitParameter("dify.quota.roles", "premium, staff"),
                        Set.of());
        limited(Map.of()).start();
        assertThat(server.context().findSecurityRoles()).contains("premium", "staff");
    }

    @Test
    void logsTheFirstRefusalOfAMessageAtOnce() {
        limited(Map.of("dify.quota.user.requests-per-minute", "1")).start();
        try (Logged log = Logged.by(QuotaDisplays.class)) {
            for (int message = 0; message < 3; message++) {
                quotas().admit(quotas().caller("ada", role -> false), Optional.empty(), Cost.REQUEST);
            }
            assertThat(log.lines())
                    .containsExactly(
                            "Quotas of / have refused: {dify.quota.user.requests-per-minute=1}; 1 passed, 0 run now");
        }
    }

    @Test
    void logsTheFirstRefusalOfTokensAtOnce() {
        limited(Map.of("dify.quota.user.tokens-per-day", "1500")).start();
        try (Logged log = Logged.by(QuotaDisplays.class)) {
            for (int answer = 0; answer < 3; answer++) {
                ((Admission) quotas().admit(quotas().caller("ada", role -> false), Optional.empty(), Cost.REQUEST))
                        .reserveTokens(0);
            }
            assertThat(log.lines()).hasSize(1);
            assertThat(log.lines().get(0)).contains("{dify.quota.user.tokens-per-day=1}");
        }
    }

    @Test
    void showsTotalsByJmxAsLongAsTheApplicationRuns() throws Exception {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.user.requests-per-minute", "3"))
                .start();
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = JmxQuotas.name("");
        assertThat(passed(5, "/limited?login=ada")).isEqualTo(3);
        assertThat(beans.getAttribute(name, "Admitted")).isEqualTo(3L);
        assertThat(beans.getAttribute(name, "Refused")).isEqualTo(2L);
        assertThat(beans.getAttribute(name, "Running")).isEqualTo(0L);
        assertThat(beans.getAttribute(name, "StoreAnswering")).isEqualTo(true);
        assertThat(((TabularData) beans.getAttribute(name, "RefusedBySetting"))
                        .get(new Object[] {"dify.quota.user.requests-per-minute"})
                        .get("value"))
                .isEqualTo(2L);
        server.context().stop();
        assertThat(beans.isRegistered(name)).isFalse();
    }

    @Test
    void tellsWhoseMessagesCountOnAConnectionThatARequestHasOpened() throws IOException {
        limited(Map.of("dify.quota.url-patterns", "/limited", "dify.quota.user.requests-per-minute", "3"))
                .servlet("/socket", (request, response) -> {
                    QuotaCaller caller = QuotaFilter.caller(request).orElseThrow();
                    int passed = 0;
                    for (int message = 0; message < 9; message++) {
                        passed += quotas().admit(caller, Optional.empty(), Cost.REQUEST) instanceof Admission ? 1 : 0;
                    }
                    response.getWriter().write(Integer.toString(passed));
                })
                .start();
        try (RawClient client = server.client()) {
            assertThat(client.readBody(client.get("/socket?login=ada").readHead()))
                    .isEqualTo("3");
            assertThat(client.readBody(client.get("/socket").readHead()))
                    .as("by the address")
                    .isEqualTo("5");
        }
        assertThat(passed(9, "/limited?login=ada")).as("the same bucket").isZero();
        assertThat(passed(9, "/limited")).isZero();
    }
}
