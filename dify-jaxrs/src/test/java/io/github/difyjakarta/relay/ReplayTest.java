package io.github.difyjakarta.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.event.DifyFrame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReplayTest {
    private static final int SIZE = frame(0).size();

    private final Replay replay = new Replay(3L * SIZE);

    private static DifyFrame frame(int number) {
        return DifyFrame.of("{\"event\":\"message\",\"task_id\":\"t\",\"answer\":\"%d\"}"
                .formatted(number)
                .getBytes(UTF_8));
    }

    private void add(int from, int to) {
        for (int number = from; number <= to; number++) {
            replay.add(frame(number));
        }
    }

    private List<Integer> readAll() {
        List<Integer> numbers = new ArrayList<>();
        for (DifyFrame next = replay.next(); next != null; next = replay.next()) {
            numbers.add(Integer.valueOf(next.json().replaceAll("\\D", "")));
        }
        return numbers;
    }

    @Test
    void givesEventsInTheirOrderOnce() {
        add(1, 2);
        assertThat(readAll()).containsExactly(1, 2);
        assertThat(replay.isAllRead()).isTrue();
        add(3, 3);
        assertThat(replay.isAllRead()).isFalse();
        assertThat(readAll()).containsExactly(3);
    }

    @Test
    void givesAgainWhatFollowsTheLastEventThatAReaderHas() {
        add(1, 3);
        readAll();
        assertThat(replay.seek(1)).isEqualTo(Replay.Place.KEPT);
        assertThat(readAll()).containsExactly(2, 3);
        assertThat(replay.seek(0)).isEqualTo(Replay.Place.KEPT);
        assertThat(readAll()).containsExactly(1, 2, 3);
        assertThat(replay.seek(3)).isEqualTo(Replay.Place.KEPT);
        assertThat(readAll()).isEmpty();
    }

    @Test
    void keepsOfWhatWasReadSoManyBytesAndNoMore() {
        add(1, 4);
        readAll();
        assertThat(replay.seek(0)).isEqualTo(Replay.Place.GONE);
        assertThat(replay.seek(1)).isEqualTo(Replay.Place.KEPT);
        assertThat(readAll()).containsExactly(2, 3, 4);
    }

    @Test
    void keepsAllThatIsUnread() {
        add(1, 9);
        assertThat(replay.seek(0)).isEqualTo(Replay.Place.KEPT);
        assertThat(readAll()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    @Test
    void doesNotKeepAnEventThatIsLargerThanAllItMayKeep() {
        replay.add(
                DifyFrame.of(("{\"event\":\"message\",\"answer\":\"" + "x".repeat(4 * SIZE) + "\"}").getBytes(UTF_8)));
        replay.next();
        assertThat(replay.seek(0)).isEqualTo(Replay.Place.GONE);
        assertThat(replay.seek(1)).isEqualTo(Replay.Place.KEPT);
        add(2, 2);
        assertThat(readAll()).containsExactly(2);
    }

    @Test
    void knowsNoEventThatHasNotCome() {
        add(1, 2);
        assertThat(replay.seek(3)).isEqualTo(Replay.Place.UNKNOWN);
        assertThat(replay.seek(-1)).isEqualTo(Replay.Place.UNKNOWN);
        assertThat(readAll()).as("stays where it was").containsExactly(1, 2);
    }

    @Test
    void goesForwardToWhereAnotherReaderHadBeen() {
        add(1, 3);
        readAll();
        replay.seek(0);
        assertThat(replay.seek(2)).isEqualTo(Replay.Place.KEPT);
        assertThat(readAll()).containsExactly(3);
    }

    @Test
    void keepsNothingForWhoNeverComesBack() {
        Replay none = new Replay(0);
        none.add(frame(1));
        none.next();
        assertThat(none.seek(0)).isEqualTo(Replay.Place.GONE);
    }
}
