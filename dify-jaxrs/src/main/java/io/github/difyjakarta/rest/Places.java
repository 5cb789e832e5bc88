package io.github.difyjakarta.rest;

import io.github.difyjakarta.servlet.QuotaFilter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.CompletionStage;

/** Places among the running streams of a caller. */
final class Places {
    private Places() {}

    /**
     * Hands the place of a request to its run, which gives it back at its end: the connection may end before or after that.
     */
    static void handOver(HttpServletRequest request, CompletionStage<?> run) {
        QuotaFilter.admission(request).ifPresent(admission -> {
            Runnable letGo = admission.hold();
            run.whenComplete((end, failure) -> letGo.run());
            admission.close();
        });
    }
}
