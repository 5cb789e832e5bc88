package io.github.difyjakarta.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.servlet.CallerIdentity.Caller;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.lang.reflect.Proxy;
import java.security.Principal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallerIdentityTest {

    private final Map<String, @Nullable Object> request =
            new HashMap<>(Map.of("getContextPath", "/shop", "isSecure", true, "getCookies", new Cookie[0]));
    private final List<Cookie> issued = new ArrayList<>();

    private Optional<Caller> caller(boolean anonymousAllowed) {
        ClassLoader loader = CallerIdentityTest.class.getClassLoader();
        HttpServletRequest stub = (HttpServletRequest) Proxy.newProxyInstance(
                loader,
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> request.get(method.getName()));
        HttpServletResponse response = (HttpServletResponse) Proxy.newProxyInstance(
                loader, new Class<?>[] {HttpServletResponse.class}, (proxy, method, arguments) -> {
                    issued.add((Cookie) arguments[0]);
                    return null;
                });
        return new CallerIdentity(anonymousAllowed).of(stub, response);
    }

    private void loggedInAs(String name) {
        request.put("getUserPrincipal", (Principal) () -> name);
    }

    private void presents(Cookie... cookies) {
        request.put("getCookies", cookies);
    }

    @Test
    void isThePrincipal() {
        loggedInAs("ada");
        presents(new Cookie(CallerIdentity.COOKIE, "a".repeat(32)));
        assertThat(caller(true)).contains(new Caller("ada", false));
        assertThat(issued).isEmpty();
    }

    @Test
    void isNobodyWithoutAPrincipal() {
        presents(new Cookie(CallerIdentity.COOKIE, "a".repeat(32)));
        assertThat(caller(false)).isEmpty();
        loggedInAs(" ");
        assertThat(caller(false)).isEmpty();
        assertThat(issued).isEmpty();
    }

    @Test
    void getsAnUnguessableCookieWhenAnonymousUseIsAllowed() {
        Caller first = caller(true).orElseThrow();
        Caller second = caller(true).orElseThrow();
        assertThat(first.anonymous()).isTrue();
        assertThat(first).isNotEqualTo(second);
        Cookie cookie = issued.get(0);
        assertThat(cookie.getName()).isEqualTo("dify-anonymous");
        assertThat(cookie.getValue()).matches("[A-Za-z0-9_-]{32}");
        assertThat(cookie.isHttpOnly()).isTrue();
        assertThat(cookie.getSecure()).isTrue();
        assertThat(cookie.getPath()).isEqualTo("/shop");
        assertThat(cookie.getAttribute("SameSite")).isEqualTo("Lax");
        assertThat(cookie.getMaxAge()).isGreaterThan(86_400 * 365);
        assertThat(first.name()).as("safe in logs").doesNotContain(cookie.getValue());
    }

    @Test
    void isKnownAgainByTheCookie() {
        Caller first = caller(true).orElseThrow();
        presents(new Cookie("other", "x"), issued.get(0));
        assertThat(caller(true)).contains(first);
        assertThat(issued).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "admin",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                "aaaaaaaaaaaaaaaa/aaaaaaaaaaaaaaa"
            })
    void refusesACookieThatIsNotOfOurForm(String value) {
        presents(new Cookie(CallerIdentity.COOKIE, value));
        assertThat(caller(true)).isPresent();
        assertThat(issued).hasSize(1);
    }

    @Test
    void putsTheCookieOfTheRootApplicationAtTheRoot() {
        request.put("getContextPath", "");
        request.put("isSecure", false);
        assertThat(caller(true)).isPresent();
        assertThat(issued.get(0).getPath()).isEqualTo("/");
        assertThat(issued.get(0).getSecure()).isFalse();
    }
}
