package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.Admission;
import io.github.difyjakarta.quota.Decision;
import io.github.difyjakarta.quota.PathPatterns;
import io.github.difyjakarta.quota.QuotaCaller;
import io.github.difyjakarta.quota.Quotas;
import io.github.difyjakarta.quota.RateLimitHeaders;
import io.github.difyjakarta.quota.Refusal;
import io.github.difyjakarta.quota.Standing;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.FilterConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Limits requests and streams of each caller and of all together: who has used up what {@code dify.quota.…} allows gets 429 with
 * {@code Retry-After} and a problem (RFC 9457), everybody is told by {@code RateLimit} what is left. A request counts once,
 * however often it is forwarded or dispatched, and holds its place among the running ones until its answer has ended in any way.
 *
 * <p>Registered by the JAR itself for {@code /dify/*}, or what {@code dify.quota.url-patterns} says. To do it in {@code web.xml}
 * instead, map this class with {@code <async-supported>true</async-supported>} and the dispatchers REQUEST, FORWARD and ASYNC;
 * settings may then be init parameters of the same names. Thread-safe.
 *
 * <p>What does not come as a request counts by the same {@link Quotas}: {@link #quotas}.
 */
public final class QuotaFilter implements Filter {

    private static final String ADMISSION = Admission.class.getName();
    private static final String QUOTAS = Quotas.class.getName();
    private static final String CALLERS = Callers.class.getName();

    private final @Nullable CallerResolver resolver;
    private final @Nullable QuotaSettings known;
    /** Registered by the JAR: our own endpoints count wherever they are, unless something else is asked for. */
    private final boolean own;

    private @Nullable Running running;

    /** What there is between start and end. */
    private record Running(
            Quotas quotas, Callers callers, PathPatterns patterns, RateLimitHeaders headers, QuotaDisplays displays) {}

    /** For the container. */
    public QuotaFilter() {
        this.resolver = null;
        this.known = null;
        this.own = false;
    }

    /** For an application that registers it and tells itself who calls. */
    public QuotaFilter(CallerResolver resolver) {
        this.resolver = resolver;
        this.known = null;
        this.own = false;
    }

    /** For the JAR, with settings that were read already. */
    QuotaFilter(QuotaSettings settings) {
        this.resolver = null;
        this.known = settings;
        this.own = settings.urlPatterns().isEmpty();
    }

    /** The quotas of this application; empty if it has no filter, or quotas are off. */
    public static Optional<Quotas> quotas(ServletContext context) {
        return context.getAttribute(QUOTAS) instanceof Quotas found ? Optional.of(found) : Optional.empty();
    }

    /**
     * Whose quota this request counts for, to be kept for what comes later on its connection: the messages of a WebSocket count for
     * who has opened it. Takes nothing; empty if quotas are off.
     */
    public static Optional<QuotaCaller> caller(HttpServletRequest request) {
        return request.getServletContext().getAttribute(CALLERS) instanceof Callers callers
                ? Optional.of(callers.of(request))
                : Optional.empty();
    }

    /** What is left for the caller of a request; empty if quotas are off. */
    public static Optional<List<Standing>> standings(HttpServletRequest request) {
        return request.getServletContext().getAttribute(CALLERS) instanceof Callers callers
                ? Optional.of(callers.quotas().standings(callers.of(request)))
                : Optional.empty();
    }

    /** What this request was admitted by, to reserve tokens with; empty if it does not count. */
    public static Optional<Admission> admission(ServletRequest request) {
        return request.getAttribute(ADMISSION) instanceof Admission found ? Optional.of(found) : Optional.empty();
    }

    @Override
    public void init(FilterConfig config) throws ServletException {
        ServletContext context = config.getServletContext();
        QuotaSettings settings =
                known == null ? QuotaSettings.read(lookup(Settings.lookup(context), config::getInitParameter)) : known;
        if (!settings.enabled()) {
            return;
        }
        Quotas quotas = StoreChoice.open(settings, context.getContextPath());
        Callers callers = resolver == null
                ? Callers.from(settings, quotas, context.getClassLoader())
                : new Callers(quotas, resolver, settings.address());
        PathPatterns patterns =
                new PathPatterns(settings.urlPatterns().orElse(own ? QuotaSettings.OWN_ENDPOINTS : List.of("/*")));
        running = new Running(
                quotas,
                callers,
                patterns,
                new RateLimitHeaders(settings.legacyHeaders()),
                QuotaDisplays.open(quotas, context.getContextPath()));
        context.setAttribute(QUOTAS, quotas);
        context.setAttribute(CALLERS, callers);
    }

    /** The application's settings, and last the filter's own init parameters. */
    static Function<String, Optional<String>> lookup(
            Function<String, Optional<String>> application, Function<String, @Nullable String> initParameters) {
        return key -> application.apply(key).or(() -> Optional.ofNullable(initParameters.apply(key))
                .map(String::strip)
                .filter(value -> !value.isEmpty()));
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Running current = running;
        if (current == null
                || !(request instanceof HttpServletRequest http)
                || !(response instanceof HttpServletResponse httpResponse)
                || admission(request).isPresent()
                || !isMeant(http, current.patterns())) {
            chain.doFilter(request, response);
            return;
        }
        Counting counting = Counting.of(http.getMethod(), servletName(http), below(http));
        if (counting.cost().isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        Decision decision = current.quotas()
                .admit(
                        current.callers().of(http),
                        counting.app(),
                        counting.cost().get());
        for (Map.Entry<String, String> header : current.headers().of(decision)) {
            httpResponse.setHeader(header.getKey(), header.getValue());
        }
        if (decision instanceof Refusal refusal) {
            refuse(httpResponse, refusal);
        } else if (decision instanceof Admission admission) {
            pass(request, response, chain, admission);
        }
    }

    private static void pass(ServletRequest request, ServletResponse response, FilterChain chain, Admission admission)
            throws IOException, ServletException {
        request.setAttribute(ADMISSION, admission);
        StreamPermit permit = new StreamPermit(admission);
        boolean returned = false;
        try {
            chain.doFilter(request, response);
            returned = true;
        } finally {
            if (returned) {
                permit.chainReturned(request);
            } else {
                permit.chainFailed();
            }
        }
    }

    private static void refuse(HttpServletResponse response, Refusal refusal) throws IOException {
        byte[] problem = refusal.problem();
        response.setStatus(refusal.status());
        response.setContentType("application/problem+json");
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setContentLength(problem.length);
        response.getOutputStream().write(problem);
    }

    private boolean isMeant(HttpServletRequest request, PathPatterns patterns) {
        return patterns.match(request.getServletPath() + below(request))
                || (own && servletName(request).equals(Counting.OWN_SERVLET));
    }

    /** The path below the servlet. */
    private static String below(HttpServletRequest request) {
        return request.getPathInfo() == null ? "" : request.getPathInfo();
    }

    private static String servletName(HttpServletRequest request) {
        String name = request.getHttpServletMapping().getServletName();
        return name == null ? "" : name;
    }

    @Override
    public void destroy() {
        Running current = running;
        running = null;
        if (current != null) {
            current.displays().close();
            current.quotas().close();
        }
    }
}
