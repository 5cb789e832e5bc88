package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.it.host.EverywhereApi;
import io.github.difyjakarta.it.host.Orders;
import io.github.difyjakarta.simulator.DifySimulator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts for browsers, out of the JAR that users get. */
@ExtendWith(SharedServer.class)
class BrowserKitIT {

    private static final DifySimulator DIFY =
            DifySimulator.builder().typing(Duration.ofMillis(5)).start();
    private static final WebArchive WAR =
            Wars.plain("kit.war", Wars.with(Wars.settings(DIFY), "dify.anonymous", "true"));
    /** An application that claims every path, where the administrator has moved the scripts. */
    private static final WebArchive MOVED = Wars.plain(
                    "kitmoved.war", Wars.with(Wars.settings(DIFY), "dify.ui.path", "/assets/kit"))
            .addClasses(EverywhereApi.class, Orders.class);

    @RegisterExtension
    static final Deployed APP = Deployed.of(WAR, DIFY);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private final String base;

    BrowserKitIT(PayaraServer server) {
        base = "http://127.0.0.1:" + server.port();
    }

    @BeforeAll
    static void deployTheOneWithoutAPage(PayaraServer server) {
        server.tryDeploy(MOVED);
    }

    @AfterAll
    static void undeployIt(PayaraServer server) {
        server.undeploy(MOVED);
    }

    @Test
    void servesAScriptThatBrowsersAskForAnewEachTimeAndLoadOnce() throws Exception {
        HttpResponse<String> script = get("/kit/dify-ui/dify-stream.js");
        assertThat(script.statusCode()).isEqualTo(200);
        assertThat(script.body()).contains("export function streamDify(");
        assertThat(header(script, "Content-Type")).isEqualToIgnoringCase("text/javascript;charset=utf-8");
        assertThat(header(script, "Cache-Control")).isEqualTo("no-cache");
        assertThat(header(script, "X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(script.headers().firstValue("Content-Encoding")).isEmpty();

        HttpResponse<String> again = get("/kit/dify-ui/dify-stream.js", "If-None-Match", header(script, "ETag"));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(header(again, "ETag")).isEqualTo(header(script, "ETag"));
    }

    @Test
    void servesItZippedToBrowsers() throws Exception {
        HttpResponse<byte[]> zipped = HTTP.send(
                request("/kit/dify-ui/dify-stream.js", "Accept-Encoding", "gzip, deflate, br")
                        .build(),
                BodyHandlers.ofByteArray());
        assertThat(header(zipped, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(zipped, "Vary")).contains("Accept-Encoding");
        assertThat(zipped.body()).hasSizeLessThan(3 * 1024);
        try (GZIPInputStream script = new GZIPInputStream(new ByteArrayInputStream(zipped.body()))) {
            assertThat(new String(script.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(get("/kit/dify-ui/dify-stream.js").body());
        }
        assertThat(get(
                                "/kit/dify-ui/dify-stream.js",
                                "Accept-Encoding",
                                "gzip",
                                "If-None-Match",
                                header(zipped, "ETag"))
                        .statusCode())
                .isEqualTo(304);
    }

    @Test
    void answersHeadWithTheSameHeadersAndNoBody() throws Exception {
        HttpResponse<String> head = HTTP.send(
                request("/kit/dify-ui/dify-api.js")
                        .method("HEAD", HttpRequest.BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(header(head, "ETag")).isEqualTo(header(get("/kit/dify-ui/dify-api.js"), "ETag"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/kit/dify-ui",
                "/kit/dify-ui/",
                "/kit/dify-ui/missing.js",
                "/kit/dify-ui/package.json",
                "/kit/dify-ui/dify-stream.d.ts",
                "/kit/dify-ui/..%2f..%2f..%2fio/github/difyjakarta/ui/BrowserKit.class",
                "/kit/dify-ui/%2e%2e/MANIFEST.MF",
                "/kit/dify-ui/dify-stream.js/"
            })
    void servesNothingElse(String path) throws Exception {
        assertThat(get(path).statusCode()).isIn(400, 404);
    }

    @Test
    void servesItWhereTheAdministratorSaysAlsoInAnApplicationThatClaimsEveryPath() throws Exception {
        assertThat(get("/kitmoved/assets/kit/dify-stream.js").body()).contains("export function streamDify(");
        assertThat(get("/kitmoved/orders").body()).isEqualTo("order 4711");
    }

    @Test
    void streamsAnAnswerInABrowserWithoutBeingToldWhereTheEndpointsAre() throws IOException {
        try (WebDriver browser = WebDriver.start()) {
            browser.go(URI.create(base + "/kit/"));
            browser.run("""
                    window.result = null;
                    import('/kit/dify-ui/dify-api.js').then(async ({ DifyApi }) => {
                      const api = new DifyApi();
                      const answer = api.ask({ query: 'Where is order 4711?' });
                      let text = '';
                      let pieces = 0;
                      for await (const event of answer) {
                        if (event.event === 'message') {
                          text += event.answer;
                          pieces++;
                        }
                      }
                      const refusal = await api.rename('not-an-id', 'x').catch((error) => error);
                      const { data } = await api.conversations();
                      window.result = { text, pieces, conversations: data.length, url: api.url('info'), status: refusal.status };
                    }).catch((error) => (window.result = { failure: String(error) }));
                    """);
            browser.awaitTrue("return window.result !== null");
            JsonNode result = browser.run("return window.result");

            assertThat(result.path("failure").asText()).isEmpty();
            assertThat(result.path("text").asText()).contains("4711");
            assertThat(result.path("pieces").asInt()).isGreaterThan(3);
            assertThat(result.path("conversations").asInt()).isEqualTo(1);
            assertThat(result.path("url").asText()).isEqualTo(base + "/kit/dify/default/info");
            assertThat(result.path("status").asInt()).isEqualTo(404);
        }
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        return HTTP.send(request(path, headers).build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
