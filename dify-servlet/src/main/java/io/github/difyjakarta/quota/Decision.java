package io.github.difyjakarta.quota;

import java.util.List;

/** Whether somebody may go on. Thread-safe. */
public sealed interface Decision permits Admission, Refusal {

    /**
     * What is left of the caller's own limits of requests and streams; of a refusal also the one of others that refuses. Budgets of
     * tokens are not among them: they are asked when tokens are reserved. Empty where nothing is limited; and a shared store that
     * does not answer leaves out what it counts.
     */
    List<Standing> standings();
}
