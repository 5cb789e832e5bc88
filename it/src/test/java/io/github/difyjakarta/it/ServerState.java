package io.github.difyjakarta.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;

/**
 * What a server holds, after a full collection. Immutable.
 *
 * @param threads by name
 * @param sockets open
 * @param files open, and other descriptors that are no sockets
 * @param heap live objects
 */
record ServerState(Map<String, Integer> threads, long sockets, long files, Histogram heap) {

    private static final long HEAP_NOISE = 2 << 20;

    /** Objects of which there is one for each stream under way. */
    private static final List<String> OF_A_STREAM = List.of(
            "io.github.difyjakarta.relay.Relay",
            "io.github.difyjakarta.relay.KeptStreams$Kept",
            "io.github.difyjakarta.client.call.StreamCall",
            "io.github.difyjakarta.client.call.FrameQueue",
            "io.github.difyjakarta.client.call.Bulkhead$Permit",
            "io.github.difyjakarta.servlet.EventStream",
            "io.github.difyjakarta.rest.SseOutlet",
            "io.github.difyjakarta.websocket.SocketChat");

    static ServerState of(PayaraServer server) {
        List<String> descriptors = server.descriptors();
        long sockets = descriptors.stream()
                .filter(target -> target.startsWith("socket:"))
                .count();
        return new ServerState(server.threads(), sockets, descriptors.size() - sockets, server.histogram());
    }

    /** Nothing of a stream is left, and no more of anything else than before; fails otherwise. */
    void assertIsNoMoreThan(ServerState before) {
        threads.forEach((name, count) -> assertThat(count)
                .as("threads named " + name)
                .isLessThanOrEqualTo(before.threads.getOrDefault(name, 0)));
        assertThat(sockets).as("sockets").isLessThanOrEqualTo(before.sockets);
        assertThat(files).as("other descriptors").isLessThanOrEqualTo(before.files);
        for (String type : OF_A_STREAM) {
            assertThat(heap.count(type)).as(type).isZero();
        }
        assertThat(heap.bytes()).as("live heap").isLessThan(before.heap.bytes() + HEAP_NOISE);
    }

    @Override
    public String toString() {
        return threads.values().stream().mapToInt(Integer::intValue).sum() + " threads, " + sockets + " sockets, "
                + files + " other descriptors, " + heap.bytes() / 1024 + " KiB";
    }
}
