package io.github.difyjakarta.client.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class PagingTest {
    private static final int MOST = 10;

    private int asked;

    private Page<String> page(boolean more, String... items) {
        asked++;
        assertThat(asked).as("it does not go on for ever").isLessThan(MOST);
        return new Page<>(List.of(items), more, 2, OptionalLong.empty(), DifyJson.EMPTY);
    }

    /** Two pages and a half. */
    private Page<String> behind(Optional<String> last) {
        return switch (last.orElse("")) {
            case "" -> page(true, "a", "b");
            case "b" -> page(true, "c", "d");
            default -> page(false, "e");
        };
    }

    @Test
    void goesOnBehindTheLastItem() {
        assertThat(Paging.byCursor(this::behind)).containsExactly("a", "b", "c", "d", "e");
        assertThat(asked).isEqualTo(3);
    }

    @Test
    void givesTheWholeWithoutWaiting() {
        assertThat(Paging.all((Optional<String> last) -> CompletableFuture.completedFuture(behind(last))))
                .isCompletedWithValue(List.of("a", "b", "c", "d", "e"));
    }

    @Test
    void aServerThatPassesOverTheCursorDoesNotKeepItGoingForEver() {
        assertThat(Paging.byCursor((Optional<String> last) -> page(true, "a", "b")))
                .containsExactly("a", "b");
    }

    @Test
    void norTheWhole() {
        assertThat(Paging.all((Optional<String> last) -> CompletableFuture.completedFuture(page(true, "a", "b"))))
                .isCompletedWithValue(List.of("a", "b"));
    }

    @Test
    void aListThatIsEmptyInSpiteOfItsWordEnds() {
        assertThat(Paging.byCursor((Optional<String> last) -> page(true))).isEmpty();
    }
}
