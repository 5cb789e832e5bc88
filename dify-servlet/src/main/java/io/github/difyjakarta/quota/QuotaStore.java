package io.github.difyjakarta.quota;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import java.util.Optional;
import java.util.function.Supplier;

/** Where buckets are kept. Thread-safe. */
interface QuotaStore extends AutoCloseable {

    /**
     * The bucket of a key, a full one if there was none. Its methods take and check at once, whoever else has it.
     *
     * @param kind whose it is: callers come and go without number, and some may be forgotten
     */
    Bucket bucket(Plan.Kind kind, String key, BucketConfiguration configuration);

    /**
     * Does something with buckets of this store.
     *
     * @throws StoreUnavailable when that fails or takes too long; whether it was done is then unknown
     */
    <T> T attempt(Supplier<T> work) throws StoreUnavailable;

    /**
     * Whether what it keeps is going over to another place at this moment, since a node came or left: who waits a little longer
     * gets the right answer. May take some 20 ms for each node that is not there.
     */
    default boolean isMoving() {
        return false;
    }

    /** Where refusals are remembered, if asking this store costs more than that. */
    default Optional<Refusals> refusals() {
        return Optional.empty();
    }

    /** Whether the last answer came in time. */
    default boolean isAnswering() {
        return true;
    }

    @Override
    void close();
}
