package io.github.difyjakarta.bench.micro;

import io.github.difyjakarta.servlet.CallerIdentity;
import io.github.difyjakarta.servlet.Settings;
import io.github.difyjakarta.servlet.UserMapping;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Who asks, and what Dify gets to know of it, in nanoseconds a request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IdentityBenchmark {
    private final CallerIdentity identity = new CallerIdentity(true);
    private final UserMapping plain = mapping(Map.of());
    private final UserMapping hmac = mapping(Map.of(UserMapping.MAPPING, "hmac", UserMapping.SECRET, "a long secret"));
    private final HttpServletResponse response = stub(HttpServletResponse.class);
    private final HttpServletRequest known = new Request(() -> "alice");
    private final HttpServletRequest anonymous = new Request(null);

    private static UserMapping mapping(Map<String, String> settings) {
        return UserMapping.from(key -> Optional.ofNullable(settings.get(key)), new Settings.Problems());
    }

    private static <T> T stub(Class<T> type) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    throw new UnsupportedOperationException(method.getName());
                }));
    }

    /** The container's principal, as it is. */
    @Benchmark
    public String plain() {
        return plain.user(name(known));
    }

    /** The principal behind an HMAC. */
    @Benchmark
    public String hmac() {
        return hmac.user(name(known));
    }

    /** The digest of a cookie. */
    @Benchmark
    public String anonymous() {
        return plain.user(name(anonymous));
    }

    private String name(HttpServletRequest request) {
        return identity.of(request, response).orElseThrow().name();
    }

    /** Answers what is asked here without the cost of a stub. */
    private static final class Request extends HttpServletRequestWrapper {
        private final @Nullable Principal principal;
        private final Cookie[] cookies = {new Cookie("dify-anonymous", "0123456789abcdefghijklmnopqrstuv")};

        Request(@Nullable Principal principal) {
            super(stub(HttpServletRequest.class));
            this.principal = principal;
        }

        @Override
        public @Nullable Principal getUserPrincipal() {
            return principal;
        }

        @Override
        public Cookie[] getCookies() {
            return cookies;
        }
    }
}
