package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.Script;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** When numbered events were sent by Dify and when a browser had them, on one clock. */
final class Arrival {

    private static final Pattern NUMBER = Pattern.compile("\"answer\":\"word (\\d+) \"");
    private static final double REQUIRED = 0.98;

    private final Duration gap;
    private final AtomicLongArray sentAt;
    private final long[] arrivedAt;
    private final int[] broughtBy;

    Arrival(int events, Duration gap) {
        this.gap = gap;
        sentAt = new AtomicLongArray(events + 1);
        arrivedAt = new long[events];
        broughtBy = new int[events];
    }

    Script script(String task) {
        return Answers.events(task, arrivedAt.length, gap, number -> sentAt.set(number, System.nanoTime()))
                .event(Answers.messageEnd(task))
                .end();
    }

    /** Reads a stream to its end. */
    void measure(HttpConnection browser) throws IOException {
        for (HttpConnection.Chunk chunk = browser.readChunk(); !chunk.isLast(); chunk = browser.readChunk()) {
            Matcher number = NUMBER.matcher(chunk.text());
            while (number.find()) {
                arrivedAt[Integer.parseInt(number.group(1))] = chunk.at();
                broughtBy[Integer.parseInt(number.group(1))] = chunk.read();
            }
        }
    }

    void assertThatEventsArriveOneByOneInTime() {
        int count = arrivedAt.length;
        Map<Integer, Integer> eventsOfRead = new HashMap<>();
        for (int read : broughtBy) {
            eventsOfRead.merge(read, 1, Integer::sum);
        }
        int inTime = 0;
        int alone = 0;
        long[] delays = new long[count];
        for (int i = 0; i < count; i++) {
            assertThat(arrivedAt[i]).as("event %s arrived", i).isNotZero();
            delays[i] = arrivedAt[i] - sentAt.get(i);
            boolean beforeNext = i + 1 == count ? delays[i] < gap.toNanos() : arrivedAt[i] - sentAt.get(i + 1) < 0;
            inTime += beforeNext ? 1 : 0;
            alone += eventsOfRead.getOrDefault(broughtBy[i], 0) == 1 ? 1 : 0;
        }
        Arrays.sort(delays);
        System.getLogger(Arrival.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "Of {0} events {1} arrived before the next was sent, {2} in a read of their own;"
                                + " median {3} µs, slowest {4} µs",
                        count,
                        inTime,
                        alone,
                        delays[count / 2] / 1000,
                        delays[count - 1] / 1000);
        assertThat(inTime).as("events that arrived before the next was sent").isGreaterThanOrEqualTo((int)
                Math.ceil(count * REQUIRED));
        assertThat(alone).as("events in a read of their own").isGreaterThanOrEqualTo((int) Math.ceil(count * REQUIRED));
    }
}
