package io.github.difyjakarta.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.StreamRecord.End;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many streams at once: one thread, and not even a whole core. */
class ManyStreamsTest {

    private static final int STREAMS = 2_000;
    private static final int EVENTS = 30;
    private static final Duration GAP = Duration.ofMillis(100);

    @Test
    void servesTwoThousandPacedStreamsOnOneThread() throws Exception {
        try (DifySimulator dify = DifySimulator.start();
                Selector selector = Selector.open()) {
            int threads = ManagementFactory.getThreadMXBean().getThreadCount();
            // All begin to flow at once, by one stop call, however long it takes to open them.
            dify.always(Script.stream()
                    .event("{\"event\":\"message\",\"task_id\":\"t\"}")
                    .awaitStop(Duration.ofMinutes(1))
                    .events(
                            EVENTS,
                            GAP,
                            i -> "{\"event\":\"message\",\"task_id\":\"t\",\"answer\":\"word " + i + "\"}"));
            String request = Wire.request(dify, "POST", "/chat-messages", Wire.question("Hello?", "streaming"))
                    .replace("Host:", "Connection: close\r\nHost:");
            for (int i = 0; i < STREAMS; i++) {
                SocketChannel channel = SocketChannel.open(
                        new InetSocketAddress(dify.url().getHost(), dify.url().getPort()));
                channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
            }
            dify.awaitOpenConnections(STREAMS, Duration.ofSeconds(30));
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThan(threads + 5);

            double before = cpuSeconds();
            long started = System.nanoTime();
            Wire.post(dify, "/chat-messages/t/stop", "{\"user\":\"u1\"}");
            drain(selector);
            double wall = (System.nanoTime() - started) / 1e9;
            double cpu = cpuSeconds() - before;
            System.out.printf(
                    "%d streams x %d events: %.2f s, simulator's thread used %.2f s of CPU (%.0f events/s)%n",
                    STREAMS, EVENTS, wall, cpu, STREAMS * EVENTS / wall);
            for (StreamRecord stream : dify.streams()) {
                assertThat(stream.ended().toCompletableFuture().get(5, TimeUnit.SECONDS))
                        .isEqualTo(End.COMPLETED);
            }
            assertThat(dify.streams()).hasSize(STREAMS);
            assertThat(cpu).isLessThan(wall);
        }
    }

    private static void drain(Selector selector) throws Exception {
        ByteBuffer bytes = ByteBuffer.allocate(64 * 1024);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!selector.keys().isEmpty() && System.nanoTime() < deadline) {
            selector.select(1_000);
            for (SelectionKey key : selector.selectedKeys()) {
                if (((SocketChannel) key.channel()).read(bytes.clear()) < 0) {
                    key.channel().close();
                }
            }
            selector.selectedKeys().clear();
        }
        selector.selectNow();
        assertThat(selector.keys()).isEmpty();
    }

    private static double cpuSeconds() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long nanos = 0;
        for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
            if (thread != null && thread.getThreadName().startsWith("dify-simulator")) {
                nanos += threads.getThreadCpuTime(thread.getThreadId());
            }
        }
        return nanos / 1e9;
    }
}
