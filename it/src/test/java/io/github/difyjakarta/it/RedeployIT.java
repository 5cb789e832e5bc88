package io.github.difyjakarta.it;

import static io.github.difyjakarta.it.Answers.QUESTION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.difyjakarta.it.host.HostSocket;
import io.github.difyjakarta.it.host.Passwords;
import io.github.difyjakarta.it.host.ReminderServlet;
import io.github.difyjakarta.it.host.ReminderServlet.Reminder;
import io.github.difyjakarta.simulator.DifySimulator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server whose application is deployed again and again, in the middle of its users' answers. */
class RedeployIT {

    private static final int ROUNDS = 10;
    /** Started by whoever in the server needs one, without the class loader of an application; ended when idle for a minute. */
    private static final String OF_THE_JVM = "ForkJoinPool.commonPool-worker-";

    private static final String CLASS_LOADER = "org.glassfish.web.loader.WebappClassLoader";

    @Test
    @Timeout(300)
    void leaksNoThreadAndNoClassLoader() throws Exception {
        try (DifySimulator dify = DifySimulator.start();
                PayaraServer server = PayaraServer.start("redeploy", Map.of())) {
            WebArchive trivial = Wars.bare("trivial.war")
                    .addClasses(ReminderServlet.class, Reminder.class, Passwords.class, HostSocket.class);
            for (int i = 0; i < ROUNDS; i++) {
                server.deploy(trivial);
                remind(server);
                try (SocketClient socket = SocketClient.connect(server, "/trivial/echo", "ada")) {
                    socket.say("Anybody there?").next();
                    server.undeploy(trivial);
                }
            }
            long kept = server.histogram().count(CLASS_LOADER); // by the server itself
            Map<String, Integer> threads = server.threads();

            WebArchive chat = Wars.chat(
                    "again.war", Wars.with(Wars.settings(dify), "dify.relay.heartbeat", "500ms", "dify.mode", "chat"));
            for (int i = 0; i < ROUNDS; i++) {
                server.deploy(chat);
                undeployInTheMiddleOfAnAnswer(server, dify, chat, "round-" + i);
            }

            dify.awaitOpenConnections(0, Duration.ofSeconds(10));
            // The server's queue of kept-alive connections holds a closed one, and with it its application, for 31 s at
            // most.
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofSeconds(1))
                    .untilAsserted(() -> {
                        assertThat(server.histogram().count(CLASS_LOADER))
                                .as("class loaders; a trivial application leaves %s", kept)
                                .isLessThanOrEqualTo(kept);
                        assertThatNoThreadsWereLeaked(threads, server.threads());
                    });
            System.getLogger(RedeployIT.class.getName())
                    .log(
                            System.Logger.Level.INFO,
                            "Class loaders after {0} rounds: trivial {1}, chat {2}",
                            ROUNDS,
                            kept,
                            server.histogram().count(CLASS_LOADER));
        }
    }

    private static void undeployInTheMiddleOfAnAnswer(
            PayaraServer server, DifySimulator dify, WebArchive war, String task) throws Exception {
        dify.next(Answers.events(task, 3, Duration.ofMillis(10))
                .awaitStop(Duration.ofSeconds(20))
                .event(Answers.messageEnd(task))
                .end());
        try (HttpConnection browser = new HttpConnection(server.port());
                SocketClient socket = SocketClient.connect(server, "/again/dify-ws/default", "ada")) {
            HttpConnection.Head head = browser.post(
                            "/again/dify/default/chat-messages", QUESTION, HttpConnection.user("ada"))
                    .readHead();
            assertThat(browser.readChunkWith("word 2").isLast()).isFalse();

            CompletableFuture<Void> undeployed = CompletableFuture.runAsync(() -> server.undeploy(war));

            assertThat(browser.readChunkWith("error").text())
                    .contains("{\"event\":\"error\"", "\"code\":\"shutting_down\"");
            assertThat(browser.readChunk().isLast()).isTrue();
            assertThat(head.status()).isEqualTo(200);
            assertThat(socket.closed()).isEqualTo("1001 shutting_down");
            undeployed.get(15, TimeUnit.SECONDS);
        }
        dify.awaitRequest(request -> request.path().equals("/chat-messages/" + task + "/stop"), Duration.ofSeconds(5));
    }

    /**
     * Two class loaders stay for ever whoever it is: that of the first user of the server's scheduler, by its thread; and that
     * of the application whose record was compared last, by a cache of one in {@code java.lang.runtime.ObjectMethods} of JDK 17.
     */
    private static void remind(PayaraServer server) throws IOException {
        try (HttpConnection browser = new HttpConnection(server.port())) {
            assertThat(browser.get("/trivial/reminder").readHead().status()).isEqualTo(200);
        }
    }

    /** The server's own pools may still grow a little; a leak is a thread of a new name, or one more for every round. */
    private static void assertThatNoThreadsWereLeaked(Map<String, Integer> before, Map<String, Integer> after) {
        assertThat(after.keySet())
                .filteredOn(name -> !name.startsWith(OF_THE_JVM))
                .isSubsetOf(before.keySet());
        after.forEach((name, count) -> assertThat(count - before.getOrDefault(name, 0))
                .as("further threads named %s", name)
                .isLessThan(ROUNDS));
    }
}
