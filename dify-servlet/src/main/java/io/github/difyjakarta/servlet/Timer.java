package io.github.difyjakarta.servlet;

import java.time.Duration;

/** What an event stream needs of a scheduler. Thread-safe. */
interface Timer {

    /** Runs a task later; the result, run, calls it off. */
    Runnable after(Duration delay, Runnable task);

    /** Runs a task soon, on a thread that holds nobody's lock. */
    void soon(Runnable task);
}
