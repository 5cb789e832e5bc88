package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.Admission;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletRequest;

/**
 * The place of an admitted request among those that run, given back at its end: at once if it was answered synchronously or has
 * failed, else when the container says that its asynchronous exchange is over. Thread-safe.
 */
final class StreamPermit implements AsyncListener {

    private static final System.Logger LOG = System.getLogger(StreamPermit.class.getName());

    private final Admission admission;

    StreamPermit(Admission admission) {
        this.admission = admission;
    }

    /** To be called when the filter chain has returned without an exception, on the thread of the request. */
    void chainReturned(ServletRequest request) {
        if (request.isAsyncStarted()) {
            try {
                request.getAsyncContext().addListener(this);
            } catch (IllegalStateException e) {
                LOG.log(System.Logger.Level.DEBUG, "Another thread has ended this exchange already", e);
                admission.close();
            }
        }
        // Ended by another thread in between: no listener hears of it.
        if (!request.isAsyncStarted()) {
            admission.close();
        }
    }

    /** To be called when the filter chain has thrown: the container ends the exchange. */
    void chainFailed() {
        admission.close();
    }

    @Override
    public void onComplete(AsyncEvent event) {
        admission.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        admission.close();
    }

    @Override
    public void onError(AsyncEvent event) {
        admission.close();
    }

    /** After a dispatch the exchange goes on as a new one, which has no listeners. */
    @Override
    public void onStartAsync(AsyncEvent event) {
        event.getAsyncContext().addListener(this);
    }
}
