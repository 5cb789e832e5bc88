package io.github.difyjakarta.quota;

import java.util.List;

/** Whether somebody may go on. Thread-safe. */
public sealed interface Decision permits Admission, Refusal {

    /**
     * What is left of each limit of the caller's own; of a refusal also the one of others that refuses. Empty where nothing is
     * limited.
     */
    List<Standing> standings();
}
