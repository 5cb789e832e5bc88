package io.github.difyjakarta.ui;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Serves each script under its stable name; browsers ask each time whether it is still the same, which costs them no second
 * copy. Thread-safe.
 */
final class ScriptServlet extends HttpServlet {
    private static final long serialVersionUID = 1;

    /** {@code gzip} or {@code *}, unless refused by {@code q=0} (RFC 9110, 12.5.3). */
    private static final Pattern TAKES_GZIP =
            Pattern.compile("(^|,)\\s*(gzip|x-gzip|\\*)\\s*(;\\s*q=(?!0(\\.0*)?\\s*(,|$))[^,]*)?\\s*(,|$)");

    /** Only what is there gets in: as many as there are files. */
    private final transient Map<String, Script> scripts = new ConcurrentHashMap<>();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Script> found = Optional.ofNullable(request.getPathInfo())
                .map(path -> path.substring(1))
                .filter(Script::isName)
                .flatMap(name -> Optional.ofNullable(scripts.computeIfAbsent(name, ScriptServlet::load)));
        if (found.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        boolean zipped = takesGzip(request.getHeader("Accept-Encoding"));
        Script.Form form = zipped ? found.get().zipped() : found.get().plain();
        response.setHeader("ETag", form.tag());
        response.setHeader("Cache-Control", "no-cache");
        response.setHeader("Vary", "Accept-Encoding");
        if (form.isNamedIn(request.getHeader("If-None-Match"))) {
            response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
            return;
        }
        response.setContentType(found.get().type());
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (zipped) {
            response.setHeader("Content-Encoding", "gzip");
        }
        response.setContentLength(form.bytes().length);
        // Not every server drops the body of an answer to HEAD: Payara does not over HTTP/2.
        if (!request.getMethod().equals("HEAD")) {
            response.getOutputStream().write(form.bytes());
        }
    }

    private static @Nullable Script load(String name) {
        return Script.load(name).orElse(null);
    }

    static boolean takesGzip(@Nullable String acceptEncoding) {
        return acceptEncoding != null && TAKES_GZIP.matcher(acceptEncoding).find();
    }
}
