package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.RecordedRequest;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.importer.ZipImporter;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The sample as a user sees it: a real browser, the real WAR, a real server. */
class ChatPageIT {

    private static final String KEY = "app-KeyThatNoPageMaySee";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Notes every length that the last answer has had, and what the page's policy forbade. */
    private static final String WATCH = """
            window.log = document.querySelector('dify-chat').shadowRoot.querySelector('[role=log]');
            window.lengths = [];
            window.violations = [];
            new MutationObserver(() => {
              const length = [...log.querySelectorAll('.answer .content')].pop()?.textContent.length ?? 0;
              if (window.lengths[window.lengths.length - 1] !== length) window.lengths.push(length);
            }).observe(log, {childList: true, subtree: true, characterData: true});
            document.addEventListener('securitypolicyviolation', ({violatedDirective, sample}) =>
              violations.push(violatedDirective + ' ' + sample));
            """;

    private static final String READY =
            "return document.querySelector('dify-chat')?.shadowRoot?.querySelector('.welcome') != null";
    private static final String IDLE = "return log.querySelector('[data-state=streaming]') === null";
    private static final String BUSY = "return log.querySelector('[data-state=streaming] .content')?.textContent > ''";

    @Test
    @Timeout(120)
    void showsTheAnswerAsItGrowsKeepsTheConversationAndStops() throws IOException {
        try (DifySimulator dify = DifySimulator.builder()
                        .key(KEY)
                        .typing(Duration.ofMillis(30))
                        .start();
                PayaraServer server = PayaraServer.start(
                        "page", Map.of("DIFY_API_URL", dify.url().toString(), "DIFY_API_KEY", KEY));
                RecordingProxy wire = new RecordingProxy(server.port())) {
            server.tryDeploy(sample());
            try (WebDriver browser = WebDriver.start()) {
                logIn(browser, wire);
                asksAndSeesTheAnswerGrow(browser, dify);
                goesOnInTheSameConversation(browser, dify);
                stopsAnAnswer(browser, dify);
                findsTheConversationAfterAReload(browser);
                assertThat(browser.run("return violations.join()").asText()).isEmpty();
                goesOnWithAnAnswerAfterAReload(browser, dify);
                asksAboutTheOrderOfAPage(browser, dify, wire);
                showsEveryStateInTheGallery(browser, wire);
            }
            assertThat(wire.answers())
                    .contains("text/event-stream", "message_end")
                    .doesNotContain(KEY);
            assertThat(server.output()).doesNotContain(KEY);
        }
    }

    private static WebArchive sample() {
        return ShrinkWrap.create(ZipImporter.class, "orderdesk.war")
                .importFrom(new File(System.getProperty("sample.war", "no -Dsample.war")))
                .as(WebArchive.class);
    }

    private static void logIn(WebDriver browser, RecordingProxy wire) {
        browser.go(URI.create("http://127.0.0.1:" + wire.port() + "/orderdesk/chat.jsp"));
        browser.type("#j_username", "ada");
        browser.type("#j_password", "ada-demo");
        browser.click("#login");
        browser.awaitTrue(READY);
        browser.run(WATCH);
    }

    private static void asksAndSeesTheAnswerGrow(WebDriver browser, DifySimulator dify) throws IOException {
        browser.typeAndEnter("#question", "Where is my order 4711?");
        browser.awaitTrue(BUSY);
        browser.awaitTrue(IDLE);

        assertThat(browser.run("return log.textContent").asText()).contains("Where is my order 4711?", "Order 4711");
        assertThat(browser.run("return window.lengths.length").asInt())
                .as("lengths that the answer has had")
                .isGreaterThanOrEqualTo(10);
        browser.screenshot(Path.of(System.getProperty("build.directory", "target"), "chat-page.png"));
        assertThat(questions(dify)).singleElement().satisfies(question -> assertThat(question.body())
                .contains("\"user\":\"ada\"")
                .contains("\"conversation_id\":\"\""));
    }

    private static void goesOnInTheSameConversation(WebDriver browser, DifySimulator dify) {
        browser.typeAndEnter("#question", "And when will it come?");
        browser.awaitTrue(BUSY);
        browser.awaitTrue(IDLE);

        assertThat(questions(dify).get(1).body()).contains("\"conversation_id\":\"");
        assertThat(browser.run("return log.textContent").asText()).contains("I remember");
    }

    private static void stopsAnAnswer(WebDriver browser, DifySimulator dify) {
        browser.run("window.lengths = []");
        browser.typeAndEnter("#question", "Tell me all about returns");
        browser.awaitTrue("return window.lengths.length > 5");
        browser.click("[part=stop]");
        browser.awaitTrue(IDLE);

        dify.awaitRequest(request -> request.path().endsWith("/stop"), PATIENCE);
    }

    private static void findsTheConversationAfterAReload(WebDriver browser) {
        browser.run("location.reload()");
        browser.awaitTrue(
                "return document.querySelector('dify-chat')?.shadowRoot?.querySelectorAll('.question').length === 3");
        browser.run(WATCH);
        assertThat(browser.run("return log.textContent").asText()).contains("Where is my order 4711?", "Order 4711");
    }

    private static void goesOnWithAnAnswerAfterAReload(WebDriver browser, DifySimulator dify) {
        int asked = questions(dify).size();
        browser.typeAndEnter("#question", "Tell me all about deliveries");
        browser.awaitTrue(BUSY);
        browser.run("location.reload()");
        browser.awaitTrue(
                "return document.querySelector('dify-chat')?.shadowRoot?.querySelector('.answer:last-of-type .actions') != null"
                        + " && document.querySelector('dify-chat').shadowRoot.querySelectorAll('.question').length === 4");

        browser.run(WATCH);
        assertThat(browser.run("return [...log.querySelectorAll('.answer')].pop().textContent")
                        .asText())
                .contains("just go on if you need more.");
        assertThat(questions(dify)).hasSize(asked + 1);
    }

    private static void asksAboutTheOrderOfAPage(WebDriver browser, DifySimulator dify, RecordingProxy wire)
            throws IOException {
        browser.go(URI.create("http://127.0.0.1:" + wire.port() + "/orderdesk/order?number=1045"));
        browser.awaitTrue("return document.querySelector('dify-chat')?.shadowRoot?.querySelector('.launcher') != null");
        browser.click(".launcher");
        browser.awaitTrue("return document.activeElement.shadowRoot?.activeElement?.id === 'question'");
        browser.run(WATCH);
        browser.typeAndEnter("#question", "When was it shipped?");
        browser.awaitTrue(BUSY);
        browser.awaitTrue(IDLE);

        List<RecordedRequest> questions = questions(dify);
        assertThat(questions.get(questions.size() - 1).body())
                .contains("\"number\":1045", "\"customer\":\"Marchetti Caff\u00e8\"", "\"status\":\"Shipped\"");
        assertThat(browser.run("return violations.join()").asText()).isEmpty();
        browser.screenshot(Path.of(System.getProperty("build.directory", "target"), "order-page.png"));
    }

    private static void showsEveryStateInTheGallery(WebDriver browser, RecordingProxy wire) {
        browser.go(URI.create("http://127.0.0.1:" + wire.port() + "/orderdesk/gallery/"));
        browser.awaitTrue("return document.querySelector('#rtl')?.shadowRoot?.querySelector('.suggestions') != null");
    }

    private static List<RecordedRequest> questions(DifySimulator dify) {
        return dify.requests().stream()
                .filter(request -> request.path().equals("/chat-messages"))
                .toList();
    }
}
