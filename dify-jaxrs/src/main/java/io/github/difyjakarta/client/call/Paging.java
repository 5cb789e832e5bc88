package io.github.difyjakarta.client.call;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** All of a list, page by page, each asked for when the stream comes to it. Confined to the thread that reads it. */
public final class Paging {
    /** The most that Dify gives at once. */
    public static final int LARGEST_PAGE = 100;

    private Paging() {}

    /**
     * A list whose next page is named by the last item of this one.
     *
     * @param page asks for the page behind an item, the first one behind none, and waits
     */
    public static <T> Stream<T> byCursor(Function<Optional<T>, Page<T>> page) {
        return stream((last, number) -> news(last, page.apply(last)), (latest, number) -> latest.hasMore());
    }

    /**
     * A list with numbered pages. Whether there are more is told by the total or, where Dify does not count, by their sizes:
     * its own word for it is wrong where the last page is full.
     *
     * @param page asks for a page, from 1, and waits
     */
    public static <T> Stream<T> byNumber(Function<Integer, Page<T>> page) {
        return stream(
                (last, number) -> page.apply(number),
                (latest, number) -> latest.total().isPresent()
                        ? (long) number * LARGEST_PAGE < latest.total().getAsLong()
                        : latest.items().size() >= LARGEST_PAGE);
    }

    /**
     * The same as {@link #byCursor} as a whole and without waiting; cancelling the future ends the call under way.
     *
     * @param page asks for the page behind an item, the first one behind none
     */
    public static <T> CompletableFuture<List<T>> all(Function<Optional<T>, CompletableFuture<Page<T>>> page) {
        return rest(page, Optional.empty(), new ArrayList<>());
    }

    private static <T> CompletableFuture<List<T>> rest(
            Function<Optional<T>, CompletableFuture<Page<T>>> page, Optional<T> last, List<T> before) {
        return Calls.then(page.apply(last), came -> {
            Page<T> next = news(last, came);
            List<T> items = next.items();
            before.addAll(items);
            return next.hasMore() && !items.isEmpty()
                    ? rest(page, Optional.of(items.get(items.size() - 1)), before)
                    : CompletableFuture.completedFuture(Collections.unmodifiableList(before));
        });
    }

    /** Nothing in place of a page that ends as the one before: the server passes over the cursor, and has more for ever. */
    private static <T> Page<T> news(Optional<T> last, Page<T> page) {
        List<T> items = page.items();
        boolean again = !items.isEmpty()
                && last.filter(items.get(items.size() - 1)::equals).isPresent();
        return again ? new Page<>(List.of(), false, page.limit(), page.total(), page.json()) : page;
    }

    private static <T> Stream<T> stream(
            BiFunction<Optional<T>, Integer, Page<T>> page, BiPredicate<Page<T>, Integer> hasMore) {
        Iterator<T> items = new Items<>(page, hasMore);
        return StreamSupport.stream(
                Spliterators.spliteratorUnknownSize(items, Spliterator.ORDERED | Spliterator.NONNULL), false);
    }

    private static final class Items<T> implements Iterator<T> {
        private final BiFunction<Optional<T>, Integer, Page<T>> page;
        private final BiPredicate<Page<T>, Integer> hasMore;
        private Iterator<T> current = List.<T>of().iterator();
        private @Nullable T last;
        private int pages;
        private boolean more = true;

        Items(BiFunction<Optional<T>, Integer, Page<T>> page, BiPredicate<Page<T>, Integer> hasMore) {
            this.page = page;
            this.hasMore = hasMore;
        }

        @Override
        public boolean hasNext() {
            if (!current.hasNext() && more) {
                Page<T> next = page.apply(Optional.ofNullable(last), ++pages);
                current = next.items().iterator();
                more = hasMore.test(next, pages) && current.hasNext();
            }
            return current.hasNext();
        }

        @Override
        public T next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the list has ended");
            }
            T item = current.next();
            last = item;
            return item;
        }
    }
}
