package io.github.difyjakarta.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.relay.Ownership.Kind;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    private final AtomicLong nanos = new AtomicLong();
    private final Ownership ownership = new Ownership(nanos::get);

    @Test
    void aThingIsOfWhomItWasShownTo() {
        ownership.grant("ada", Kind.FILE, "f-1");
        assertThat(ownership.isOwner("ada", Kind.FILE, "f-1")).isTrue();
        assertThat(ownership.isOwner("bob", Kind.FILE, "f-1")).isFalse();
        assertThat(ownership.isOwner("ada", Kind.FILE, "f-2")).isFalse();
        assertThat(ownership.isOwner("ada", Kind.MESSAGE, "f-1")).isFalse();
    }

    @Test
    void nothingHasNoOwner() {
        ownership.grant("ada", Kind.MESSAGE, "");
        assertThat(ownership.isOwner("ada", Kind.MESSAGE, "")).isFalse();
    }

    @Test
    void useKeepsWhatIsForgottenAfterADay() {
        ownership.grant("ada", Kind.FILE, "used");
        ownership.grant("ada", Kind.FILE, "unused");
        nanos.addAndGet(Ownership.KEPT.toNanos() - 1);
        assertThat(ownership.isOwner("ada", Kind.FILE, "used")).isTrue();
        nanos.addAndGet(1);
        assertThat(ownership.isOwner("ada", Kind.FILE, "used")).isTrue();
        assertThat(ownership.isOwner("ada", Kind.FILE, "unused")).isFalse();
    }

    @Test
    void isBoundedInNumber() {
        int many = Ownership.MOST + 5_000;
        IntStream.range(0, many).forEach(i -> ownership.grant("ada", Kind.FILE, "f-" + i));
        long kept = IntStream.range(0, many)
                .filter(i -> ownership.isOwner("ada", Kind.FILE, "f-" + i))
                .count();
        assertThat(kept).isBetween(Ownership.MOST / 2L, (long) Ownership.MOST);
    }
}
