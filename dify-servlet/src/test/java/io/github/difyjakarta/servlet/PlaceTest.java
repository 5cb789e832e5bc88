package io.github.difyjakarta.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.quota.Cost;
import io.github.difyjakarta.quota.QuotaCaller;
import io.github.difyjakarta.quota.Quotas;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A place among the running streams comes back once, whatever ends its request. */
class PlaceTest {

    private static final int PLACES = 40;
    private static final int RUNS = 10_000;
    private static final String[] ENDS = {
        "sync", "exception", "error", "complete", "complete-elsewhere", "dispatch", "dispatch-async", "throw-async"
    };

    /** What fails here fails on purpose. Held, since the platform forgets loggers that nobody holds. */
    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private final TestServer server = new TestServer();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final BlockingQueue<Exception> gone = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> failures = new LinkedBlockingQueue<>();

    @AfterEach
    void stop() {
        stopped.countDown();
        threads.shutdownNow();
        server.close();
    }

    private void start(boolean streaming) {
        TOMCAT.setLevel(Level.OFF);
        server.context().addParameter("dify.streaming.enabled", Boolean.toString(streaming));
        server.context().addParameter("dify.quota.url-patterns", "/run/*");
        server.context().addParameter("dify.quota.anonymous.requests-per-minute", "unlimited");
        server.context().addParameter("dify.quota.global.requests-per-minute", "unlimited");
        server.context().addParameter("dify.quota.anonymous.streams", Integer.toString(PLACES));
        server.context().addServletContainerInitializer(new ServletInitializer(), Set.of());
        server.servlet("/run/sync", (request, response) -> response.getWriter().write("ok"))
                .servlet("/run/exception", (request, response) -> {
                    throw new ServletException("on purpose");
                })
                .servlet("/run/error", (request, response) -> response.sendError(500))
                .servlet("/run/complete", (request, response) -> request.startAsync()
                        .complete())
                .servlet("/run/complete-elsewhere", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    threads.execute(async::complete);
                })
                .servlet("/run/dispatch", (request, response) -> request.startAsync()
                        .dispatch("/run/sync"))
                .servlet("/run/dispatch-async", (request, response) -> request.startAsync()
                        .dispatch("/run/complete-elsewhere"))
                .servlet("/run/throw-async", (request, response) -> {
                    request.startAsync();
                    throw new ServletException("on purpose");
                })
                .servlet("/run/timeout", (request, response) -> request.startAsync()
                        .setTimeout(1))
                .servlet("/run/timeout-dispatch", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(1);
                    async.addListener(new DispatchOnTimeout());
                })
                .servlet("/run/endless", (request, response) -> {
                    AsyncContext async = request.startAsync();
                    async.setTimeout(0);
                    response.setContentType("text/event-stream");
                    Endless endless = new Endless(async);
                    async.addListener(endless);
                    threads.execute(endless);
                })
                .start();
    }

    /** The application's own way out of a time limit. */
    private static final class DispatchOnTimeout implements AsyncListener {
        @Override
        public void onTimeout(AsyncEvent event) {
            event.getAsyncContext().dispatch("/run/sync");
        }

        @Override
        public void onComplete(AsyncEvent event) {}

        @Override
        public void onError(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    /** Writes until the browser is gone, and touches nothing that the container has ended: it may serve somebody else by then. */
    private final class Endless implements Runnable, AsyncListener {
        private final byte[] event = "data: 0123456789\n\n".getBytes(UTF_8);
        private final AsyncContext async;
        private boolean ended;

        Endless(AsyncContext async) {
            this.async = async;
        }

        @Override
        public void run() {
            while (stopped.getCount() > 0 && write()) {
                LockSupport.parkNanos(1_000_000);
            }
        }

        private synchronized boolean write() {
            if (ended) {
                return false;
            }
            try {
                async.getResponse().getOutputStream().write(event);
                async.getResponse().getOutputStream().flush();
                return true;
            } catch (IOException e) {
                gone.add(e);
                async.complete();
                return false;
            }
        }

        @Override
        public synchronized void onComplete(AsyncEvent event) {
            ended = true;
        }

        @Override
        public synchronized void onError(AsyncEvent event) {
            ended = true;
        }

        @Override
        public void onTimeout(AsyncEvent event) {}

        @Override
        public void onStartAsync(AsyncEvent event) {}
    }

    private int request(RawClient client, String end) throws IOException {
        RawClient.Answer answer;
        try {
            answer = client.get("/run/" + end).readHead();
            client.readBody(answer);
        } catch (EOFException e) {
            if (end.equals("throw-async")) {
                return 500; // what Tomcat does with some of these
            }
            throw e;
        }
        if (answer.status() == 429) {
            failures.add(end + " was refused");
        }
        return answer.status();
    }

    private void runAll(int thread) throws IOException {
        RawClient client = server.client();
        try {
            for (int run = thread; run < RUNS; run += 8) {
                String end = ENDS[run / 8 % ENDS.length];
                if (request(client, end)
                        >= 500) { // Tomcat closes the connection after these // Tomcat closes the connection after
                    // these
                    client.close();
                    client = server.client();
                }
            }
        } finally {
            client.close();
        }
    }

    /** That so many places are free again, and none too many; the end of an exchange is told after the last byte of its answer. */
    private void assertThatAllPlacesAreFree() {
        Quotas quotas = QuotaFilter.quotas(server.context().getServletContext()).orElseThrow();
        QuotaCaller caller = quotas.anonymous("127.0.0.1");
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        int free = 0;
        while (free != PLACES && System.nanoTime() < deadline) {
            List<Admission> taken = new ArrayList<>();
            while (taken.size() <= PLACES
                    && quotas.admit(caller, Optional.empty(), Cost.STREAM) instanceof Admission admission) {
                taken.add(admission);
            }
            free = taken.size();
            taken.forEach(Admission::close);
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(free).isEqualTo(PLACES);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void comesBackAfterTenThousandRequestsThatEndInAllWays(boolean streaming) throws Exception {
        start(streaming);
        List<Future<?>> clients = new ArrayList<>();
        ExecutorService asking = Executors.newFixedThreadPool(8);
        try {
            for (int thread = 0; thread < 8; thread++) {
                int first = thread;
                clients.add(asking.submit(() -> {
                    runAll(first);
                    return first;
                }));
            }
            for (Future<?> client : clients) {
                client.get(120, TimeUnit.SECONDS);
            }
        } finally {
            asking.shutdownNow();
        }
        assertThat(failures).isEmpty();
        assertThatAllPlacesAreFree();
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "timeout-dispatch"})
    void comesBackWhenTheContainersTimeIsOver(String end) throws Exception {
        start(true);
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < PLACES; i++) {
            clients.add(server.client().get("/run/" + end));
        }
        for (RawClient client : clients) {
            client.readHead();
            client.close();
        }
        assertThatAllPlacesAreFree();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void comesBackWhenTheClientIsGone(boolean streaming) throws Exception {
        start(streaming);
        for (int round = 0; round < 20; round++) {
            List<RawClient> clients = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                clients.add(server.client().get("/run/endless"));
            }
            for (RawClient client : clients) {
                assertThat(client.readHead().status()).isEqualTo(200);
                client.readChunk();
                client.reset();
            }
        }
        assertThatAllPlacesAreFree();
    }
}
