package io.github.difyjakarta.rest;

import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.error.DifyException;
import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.relay.Beginning;
import io.github.difyjakarta.relay.Question;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.relay.Relays;
import io.github.difyjakarta.relay.TokenMeter;
import io.github.difyjakarta.servlet.QuotaFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * An answer that is streamed: to the connection that asks and no other, or, for a client that says so by {@code Dify-Resume: 1} or an
 * {@code Idempotency-Key}, to whichever comes back for it. Confined to the request thread.
 */
final class StreamedAnswer {
    private static final Pattern KEY = Pattern.compile("[!-~]{1,255}");

    private final Visit visit;
    private final Relays relays;
    private final HttpServletRequest request;
    private final HttpServletResponse response;

    StreamedAnswer(Visit visit, Entrance entrance) {
        this.visit = visit;
        this.relays = visit.clients().relays();
        this.request = entrance.request();
        this.response = entrance.response();
    }

    /**
     * Asks, unless the same was asked before.
     *
     * @param question what is asked; equal to itself when it comes again
     * @param characters of what is asked
     * @param ask begins a run at Dify
     */
    void give(SseOutlet outlet, Object question, long characters, Supplier<DifyStream> ask) {
        Optional<String> key = Optional.ofNullable(request.getHeader("Idempotency-Key"));
        if (key.isPresent() && !KEY.matcher(key.get()).matches()) {
            outlet.error(JsonBody.invalid("Idempotency-Key", "must be 1 to 255 visible ASCII characters")
                    .error());
            return;
        }
        if (key.isPresent() || isResumable()) {
            Question asked = new Question(visit.app(), visit.user(), key, question);
            relays.open(asked, outlet, this::tell, () -> begin(characters, ask));
            return;
        }
        Beginning beginning = begin(characters, ask);
        if (beginning instanceof Beginning.Run run) {
            relays.relay(run, outlet, visit.user());
        } else if (beginning instanceof Beginning.Refused refused) {
            outlet.error(refused.error());
        }
    }

    private boolean isResumable() {
        return Dialect.of(request) == Dialect.RESUME
                && !relays.config().resumeGrace().isZero();
    }

    private void tell(Relays.Opened opened) {
        response.setHeader("Dify-Stream-Id", opened.id());
        if (!opened.isNew()) {
            QuotaFilter.admission(request).ifPresent(Admission::close); // the run has its place already
        }
    }

    private Beginning begin(long characters, Supplier<DifyStream> ask) {
        TokenMeter meter;
        try {
            meter = Tokens.reserve(request, characters);
        } catch (Problem refusal) {
            return new Beginning.Refused(refusal.error());
        }
        try {
            DifyStream stream = ask.get();
            Places.handOver(request, stream.outcome());
            return new Beginning.Run(stream, meter, visit.events());
        } catch (DifyException e) {
            meter.settle(null, e);
            return new Beginning.Refused(RelayError.of(e));
        }
    }
}
