package io.github.difyjakarta.websocket;

import io.github.difyjakarta.app.AppAccess;
import io.github.difyjakarta.app.DifyClients;
import io.github.difyjakarta.app.EndpointGroup;
import io.github.difyjakarta.app.WebSocketSettings;
import io.github.difyjakarta.origin.SiteRequest;
import io.github.difyjakarta.quota.QuotaCaller;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.relay.RelayError;
import io.github.difyjakarta.servlet.CallerIdentity;
import io.github.difyjakarta.servlet.QuotaFilter;
import io.github.difyjakarta.servlet.UpgradedConnection;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Says who may open a WebSocket, while it is still a request that can be answered by a status. Thread-safe. */
final class Gate {
    private final Sockets sockets;
    private final Origins origins;

    Gate(Sockets sockets, WebSocketSettings settings) {
        this.sockets = sockets;
        this.origins = new Origins(Set.copyOf(settings.allowedOrigins()), settings.allowMissingOrigin());
    }

    /** Whether a request may go on. */
    sealed interface Verdict permits Visitor, Refused {}

    /** It may not. */
    record Refused(RelayError error) implements Verdict {}

    /**
     * Looks at a handshake. A new anonymous caller gets a cookie on the response.
     *
     * @param request its path below the servlet names the app
     */
    Verdict admit(HttpServletRequest request, HttpServletResponse response) {
        if (sockets.isShutDown()) {
            return new Refused(RelayError.shuttingDown());
        }
        if (!isWebSocket(request)) {
            return refused(400, "bad_request", "Here is a WebSocket and nothing else.");
        }
        DifyClients clients = DifyClients.current();
        if (!origins.allow(
                SiteRequest.of(request), request.isSecure(), clients.settings().sites())) {
            return refused(403, "cross_site", "Pages of this origin must not connect.");
        }
        Optional<CallerIdentity.Caller> caller = clients.settings().identity().of(request, response);
        if (caller.isEmpty()) {
            return refused(401, "unauthorized", "Please log in.");
        }
        String app = app(request);
        if (!clients.settings().offers(app, EndpointGroup.WEBSOCKET)) {
            return refused(404, "not_found", "There is no such app here.");
        }
        AppAccess access = clients.settings().access(app);
        if (!access.admits(request::isUserInRole)) {
            return caller.get().anonymous()
                    ? refused(401, "unauthorized", "Please log in.")
                    : refused(403, "forbidden", "You may not use this app.");
        }
        Optional<Supplier<AnswerFrames>> words = words(request);
        if (words.isEmpty()) {
            return refused(400, "invalid_param", "events must be chunks or verbatim");
        }
        String name = caller.get().name();
        return new Visitor(
                name,
                clients.settings().mapping().user(name),
                clients.client(app),
                access,
                access.eventsFor(request::isUserInRole),
                allowance(request, app),
                words.get(),
                Optional.ofNullable(request.getSession(false)).map(HttpSession::getId),
                UpgradedConnection.of(request),
                sockets);
    }

    private static boolean isWebSocket(HttpServletRequest request) {
        return request.getMethod().equals("GET")
                && header(request, "Upgrade").equalsIgnoreCase("websocket")
                && !header(request, "Sec-WebSocket-Key").isEmpty();
    }

    private static String header(HttpServletRequest request, String name) {
        String value = request.getHeader(name);
        return value == null ? "" : value;
    }

    /** The one segment below the servlet; what is more is the name of no app. */
    private static String app(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path == null ? "" : path.substring(1);
    }

    private static Optional<Supplier<AnswerFrames>> words(HttpServletRequest request) {
        String events = request.getParameter("events");
        if (events == null || events.equals("chunks")) {
            return Optional.of(PlainFrames::new);
        }
        return events.equals("verbatim") ? Optional.of(VerbatimFrames::new) : Optional.empty();
    }

    private static Allowance allowance(HttpServletRequest request, String app) {
        Optional<Quotas> quotas = QuotaFilter.quotas(request.getServletContext());
        Optional<QuotaCaller> caller = QuotaFilter.caller(request);
        return quotas.isPresent() && caller.isPresent()
                ? Allowance.of(quotas.get(), caller.get(), app)
                : Allowance.UNLIMITED;
    }

    private static Refused refused(int status, String code, String message) {
        return new Refused(RelayError.of(status, code, message));
    }
}
