package io.github.difyjakarta.it;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A headless Chromium, driven by the few commands of W3C WebDriver that the tests need. Confined to one thread. */
final class WebDriver implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
    private static final String ENTER = "\uE007";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Process driver;
    private final URI base;
    private final HttpClient http = HttpClient.newHttpClient();
    private String session = "";

    private WebDriver(Process driver, URI base) {
        this.driver = driver;
        this.base = base;
    }

    static WebDriver start() throws IOException {
        Path chromium = Tools.find("chromium", "chromium");
        Path chromedriver = Tools.find("chromedriver", "chromium-driver");
        Path directory = Path.of(System.getProperty("build.directory", "target"), "browser")
                .toAbsolutePath();
        Files.createDirectories(directory);
        int port = PayaraServer.freePort();
        Process process = new ProcessBuilder(chromedriver.toString(), "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("chromedriver.log").toFile())
                .start();
        WebDriver browser = new WebDriver(process, URI.create("http://127.0.0.1:" + port));
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .ignoreExceptions()
                    .until(() -> browser.get("/status").path("ready").asBoolean());
            browser.open(chromium);
            return browser;
        } catch (RuntimeException e) {
            process.destroy();
            throw e;
        }
    }

    private void open(Path chromium) {
        Map<String, ?> options = Map.of(
                "binary",
                chromium.toString(),
                "args",
                List.of("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1100,900"));
        JsonNode opened =
                post("/session", Map.of("capabilities", Map.of("alwaysMatch", Map.of("goog:chromeOptions", options))));
        session = "/session/" + opened.path("sessionId").asText();
    }

    void go(URI page) {
        post(session + "/url", Map.of("url", page.toString()));
    }

    void type(String css, String text) {
        post(session + "/element/" + find(css) + "/value", Map.of("text", text));
    }

    void typeAndEnter(String css, String text) {
        type(css, text + ENTER);
    }

    void click(String css) {
        post(session + "/element/" + find(css) + "/click", Map.of());
    }

    /** The id of an element of the page, or of the chat on it. */
    private String find(String css) {
        String script = "return document.querySelector(arguments[0])"
                + " ?? document.querySelector('dify-chat')?.shadowRoot.querySelector(arguments[0])";
        JsonNode found = post(session + "/execute/sync", Map.of("script", script, "args", List.of(css)));
        if (!found.has(ELEMENT)) {
            throw new IllegalStateException("Neither on the page nor in the chat: " + css);
        }
        return found.path(ELEMENT).asText();
    }

    /** {@return what a script returns} */
    JsonNode run(String script) {
        return post(session + "/execute/sync", Map.of("script", script, "args", List.of()));
    }

    /** Waits until a script returns true. */
    void awaitTrue(String script) {
        await(script).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> run(script)
                .asBoolean());
    }

    void screenshot(Path file) throws IOException {
        Files.write(
                file, Base64.getDecoder().decode(get(session + "/screenshot").asText()));
    }

    private JsonNode get(String path) {
        return send(HttpRequest.newBuilder(base.resolve(path)).build());
    }

    private JsonNode post(String path, Map<String, ?> body) {
        try {
            return send(HttpRequest.newBuilder(base.resolve(path))
                    .header("Content-Type", "application/json; charset=utf-8")
                    .POST(BodyPublishers.ofString(JSON.writeValueAsString(body)))
                    .build());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private JsonNode send(HttpRequest request) {
        try {
            HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
            JsonNode value = JSON.readTree(response.body()).path("value");
            if (response.statusCode() != 200) {
                throw new IllegalStateException(request.uri().getPath() + ": " + value);
            }
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        try {
            send(HttpRequest.newBuilder(base.resolve(session)).DELETE().build());
        } finally {
            driver.destroy();
        }
        try {
            driver.onExit().get(10, TimeUnit.SECONDS);
        } catch (TimeoutException | InterruptedException | ExecutionException e) {
            driver.destroyForcibly();
            throw new IOException("chromedriver does not end", e);
        }
    }
}
