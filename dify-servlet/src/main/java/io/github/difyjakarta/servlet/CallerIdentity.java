package io.github.difyjakarta.servlet;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Who calls: the container's principal, and nobody else's word. Where the administrator allows anonymous use ({@code
 * dify.anonymous=true}), a caller without one is known by an unguessable cookie. Thread-safe.
 */
public final class CallerIdentity {

    /** The key that allows anonymous use; false by default. */
    public static final String ANONYMOUS = "dify.anonymous";

    /** The cookie of a caller without a principal. */
    static final String COOKIE = "dify-anonymous";

    /** 192 bits, in base64url. */
    private static final int COOKIE_BYTES = 24;

    private static final Pattern COOKIE_FORM = Pattern.compile("[A-Za-z0-9_-]{32}");

    /** Browsers keep no cookie longer than this. */
    private static final Duration COOKIE_AGE = Duration.ofDays(400);

    private final boolean anonymousAllowed;
    private final SecureRandom random = new SecureRandom();

    /**
     * A caller.
     *
     * @param name the principal's name, or of an anonymous caller a digest of the cookie: it is safe in logs
     * @param anonymous whether the container knows no principal
     */
    public record Caller(String name, boolean anonymous) {}

    /** Identities with or without anonymous callers. */
    public CallerIdentity(boolean anonymousAllowed) {
        this.anonymousAllowed = anonymousAllowed;
    }

    /** Reads {@value #ANONYMOUS}; what is wrong is added to the problems. */
    public static CallerIdentity from(Function<String, Optional<String>> lookup, Settings.Problems problems) {
        return new CallerIdentity(problems.read(lookup, ANONYMOUS, false, Settings::bool));
    }

    /**
     * The caller of this request. A new anonymous caller gets the cookie on the response, so this comes before the first
     * byte.
     *
     * @return empty if nobody is logged in and anonymous use is not allowed
     */
    public Optional<Caller> of(HttpServletRequest request, HttpServletResponse response) {
        Principal principal = request.getUserPrincipal();
        if (principal != null
                && principal.getName() != null
                && !principal.getName().isBlank()) {
            return Optional.of(new Caller(principal.getName(), false));
        }
        if (!anonymousAllowed) {
            return Optional.empty();
        }
        return Optional.of(anonymous(presented(request).orElseGet(() -> issue(request, response))));
    }

    private static Optional<String> presented(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> COOKIE.equals(cookie.getName()))
                        .map(Cookie::getValue)
                        .filter(value ->
                                value != null && COOKIE_FORM.matcher(value).matches())
                        .findFirst();
    }

    private String issue(HttpServletRequest request, HttpServletResponse response) {
        byte[] bytes = new byte[COOKIE_BYTES];
        random.nextBytes(bytes);
        String value = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Cookie cookie = new Cookie(COOKIE, value);
        cookie.setHttpOnly(true);
        cookie.setSecure(request.isSecure());
        cookie.setPath(request.getContextPath().isEmpty() ? "/" : request.getContextPath());
        cookie.setMaxAge(Math.toIntExact(COOKIE_AGE.toSeconds()));
        cookie.setAttribute("SameSite", "Lax");
        response.addCookie(cookie);
        return value;
    }

    /** The cookie is as good as a password; the name, which goes to Dify and into logs, must not give it away. */
    private static Caller anonymous(String cookie) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(cookie.getBytes(StandardCharsets.US_ASCII));
            String name = Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 16));
            return new Caller("anonymous-" + name, true);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
