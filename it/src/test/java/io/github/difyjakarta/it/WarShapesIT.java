package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.it.host.CatchAll;
import io.github.difyjakarta.it.host.Clerk;
import io.github.difyjakarta.it.host.ClerkOrders;
import io.github.difyjakarta.it.host.EverywhereApi;
import io.github.difyjakarta.it.host.ListedApi;
import io.github.difyjakarta.it.host.MappedApi;
import io.github.difyjakarta.it.host.OldFilter;
import io.github.difyjakarta.it.host.OrderServlet;
import io.github.difyjakarta.it.host.Orders;
import io.github.difyjakarta.it.host.Passwords;
import io.github.difyjakarta.it.host.ScanningApi;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The JAR in WARs of every kind, which are otherwise untouched: the settings are in the server's environment, as an
 * administrator puts them there.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WarShapesIT {

    private static final String BEANS =
            "<beans xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"4.0\"" + " bean-discovery-mode=\"%s\"/>";

    private final DifySimulator dify = DifySimulator.start();
    private final PayaraServer server = PayaraServer.start(
            "shapes",
            Map.of("DIFY_API_URL", dify.url().toString(), "DIFY_API_KEY", dify.key(), "DIFY_ANONYMOUS", "true"));

    /** The kinds of WAR; {@code orders} is where the host's own resource is. */
    private enum Shape {
        NO_JAX_RS("orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(OrderServlet.class, Passwords.class);
            }
        },
        ONLY_A_PAGE("") {
            @Override
            WebArchive fill(WebArchive war) {
                return war;
            }
        },
        SCANNING("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(ScanningApi.class, Orders.class, Passwords.class);
            }
        },
        LISTED("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(ListedApi.class, Orders.class, Passwords.class);
            }
        },
        STANDARD_SERVLET_NAME("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(Orders.class, Passwords.class)
                        .setWebXML(servlet("jakarta.ws.rs.core.Application", ""));
            }
        },
        JERSEY_SERVLET("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(Orders.class, Passwords.class)
                        .setWebXML(servlet(
                                "api",
                                "<servlet-class>org.glassfish.jersey.servlet.ServletContainer</servlet-class>"
                                        + "<init-param><param-name>jersey.config.server.provider.packages</param-name>"
                                        + "<param-value>io.github.difyjakarta.it.host</param-value></init-param>"));
            }
        },
        MAPPED_APPLICATION("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(MappedApi.class, Orders.class, Passwords.class)
                        .setWebXML(servlet(MappedApi.class.getName(), ""));
            }
        },
        METADATA_COMPLETE("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(ScanningApi.class, Orders.class, Passwords.class)
                        .setWebXML(webXml(" metadata-complete=\"true\"", ""));
            }
        },
        JAX_RS_EVERYWHERE("orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(EverywhereApi.class, Orders.class, Passwords.class);
            }

            @Override
            boolean hasPage() {
                return false; // its own servlet hides it, with us and without
            }
        },
        EMPTY_BEANS_XML("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return withBeans(war).addAsWebInfResource(new StringAsset(""), "beans.xml");
            }
        },
        ANNOTATED_BEANS("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return withBeans(war).addAsWebInfResource(new StringAsset(BEANS.formatted("annotated")), "beans.xml");
            }
        },
        ALL_BEANS("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return withBeans(war).addAsWebInfResource(new StringAsset(BEANS.formatted("all")), "beans.xml");
            }
        },
        NO_BEANS_XML("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return withBeans(war);
            }
        },
        CDI_OFF("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(ScanningApi.class, Orders.class)
                        .addAsWebInfResource(new StringAsset(BEANS.formatted("none")), "beans.xml");
            }
        },
        CATCH_ALL("api/orders") {
            @Override
            WebArchive fill(WebArchive war) {
                return war.addClasses(ScanningApi.class, Orders.class, CatchAll.class, Passwords.class);
            }
        };

        private final String orders;

        Shape(String orders) {
            this.orders = orders;
        }

        abstract WebArchive fill(WebArchive war);

        boolean hasPage() {
            return true;
        }

        WebArchive war() {
            return fill(Wars.bare(name().toLowerCase(Locale.ROOT) + ".war").addAsLibrary(Wars.dropIn()));
        }

        String path(String below) {
            return "/" + PayaraServer.contextOf(war()) + "/" + below;
        }

        private static WebArchive withBeans(WebArchive war) {
            return war.addClasses(ScanningApi.class, ClerkOrders.class, Clerk.class, Passwords.class);
        }

        private static StringAsset servlet(String name, String definition) {
            return webXml(
                    "",
                    "<servlet><servlet-name>" + name + "</servlet-name>" + definition + "</servlet>"
                            + "<servlet-mapping><servlet-name>" + name + "</servlet-name>"
                            + "<url-pattern>/api/*</url-pattern></servlet-mapping>");
        }

        private static StringAsset webXml(String attributes, String content) {
            return new StringAsset("<web-app xmlns=\"https://jakarta.ee/xml/ns/jakartaee\" version=\"6.0\"" + attributes
                    + ">" + content + "</web-app>");
        }
    }

    @BeforeAll
    void deploy() {
        Stream.of(Shape.values()).forEach(shape -> server.tryDeploy(shape.war()));
    }

    @AfterAll
    void end() throws IOException {
        server.close();
        dify.close();
    }

    @ParameterizedTest
    @EnumSource
    void streamsTheAnswerOfTheLoggedInUser(Shape shape) throws IOException {
        String task = shape.name();
        dify.next(Answers.whole(task, 5, Duration.ofMillis(10)));
        try (HttpConnection browser = new HttpConnection(server.port())) {
            HttpConnection.Head head = browser.post(
                            shape.path("dify/default/chat-messages"),
                            QUESTION.replace("Where", task),
                            HttpConnection.user("ada"))
                    .readHead();
            String body = browser.readBody(head);

            assertThat(head.status()).as(body).isEqualTo(200);
            assertThat(head.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(Answers.data(body))
                    .isEqualTo(Stream.concat(
                                    IntStream.range(0, 5).mapToObj(i -> Answers.event(task, i)),
                                    Stream.of(Answers.messageEnd(task)))
                            .toList());
        }
        RecordedRequest asked = dify.awaitRequest(request -> request.body().contains(task), Duration.ofSeconds(5));
        boolean users = shape.war()
                .contains("/WEB-INF/classes/" + Passwords.class.getName().replace('.', '/') + ".class");
        assertThat(asked.body()).contains(users ? "\"user\":\"ada\"" : "\"user\":\"anonymous-");
    }

    @ParameterizedTest
    @EnumSource
    void leavesTheHostsOwnResourceAndPageAsTheyWere(Shape shape) throws IOException {
        if (!shape.orders.isEmpty()) {
            assertThat(get(shape.path(shape.orders))).isEqualTo("200 order 4711");
        }
        if (shape.hasPage()) {
            assertThat(get(shape.path(""))).isEqualTo("200 <p>The host's own page</p>");
        }
    }

    @ParameterizedTest
    @EnumSource
    void servesTheScriptsForBrowsers(Shape shape) throws IOException {
        assertThat(get(shape.path("dify-ui/dify-stream.js")))
                .startsWith("200 ")
                .contains("export function streamDify(");
    }

    @ParameterizedTest
    @EnumSource
    void isNotReachableBelowTheHostsOwnPath(Shape shape) throws IOException {
        int asked = dify.requests().size();
        try (HttpConnection browser = new HttpConnection(server.port())) {
            String path = shape.path(shape.orders.startsWith("api/") ? "api/" : "") + "default/chat-messages";

            assertThat(browser.post(path, QUESTION, HttpConnection.user("ada"))
                            .readHead()
                            .status())
                    .isIn(404, 405, shape == Shape.CATCH_ALL ? 418 : 404);
        }
        assertThat(dify.requests()).hasSize(asked);
    }

    @Test
    void keepsItsOwnErrorsWhereTheHostCatchesEverything() throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            HttpConnection.Head head = browser.post(Shape.CATCH_ALL.path("dify/unknown/chat-messages"), QUESTION)
                    .readHead();

            assertThat(head.status()).isEqualTo(404);
            assertThat(head.header("Content-Type")).isEqualTo("application/problem+json");
        }
        assertThat(get(Shape.CATCH_ALL.path("api/nothing"))).isEqualTo("418 the host's own error page");
    }

    /** Behind such a filter a stream is impossible: better a plain refusal than a stream that breaks. */
    @Test
    void refusesClearlyBehindAFilterThatCannotBeAsynchronous() throws IOException {
        WebArchive war = Wars.bare("oldfilter.war")
                .addAsLibrary(Wars.dropIn())
                .addClasses(ScanningApi.class, Orders.class, OldFilter.class, CatchAll.class);
        server.deploy(war);

        try (HttpConnection browser = new HttpConnection(server.port())) {
            HttpConnection.Head head = browser.post("/oldfilter/dify/default/chat-messages", QUESTION)
                    .readHead();
            String body = browser.readBody(head);

            assertThat(head.status()).as(body).isEqualTo(503);
            assertThat(head.header("Content-Type")).as(body).isEqualTo("application/problem+json");
            assertThat(body).contains("async");
        }
        assertThat(get("/oldfilter/api/orders")).isEqualTo("200 order 4711");
    }

    private String get(String path) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            HttpConnection.Head head = browser.get(path).readHead();
            return head.status() + " " + browser.readBody(head);
        }
    }
}
