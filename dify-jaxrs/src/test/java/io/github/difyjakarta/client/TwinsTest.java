package io.github.difyjakarta.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.client.call.DifyStream;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody has to wait for Dify. */
class TwinsTest {
    /** What {@link DifyClient} gives out, group by group of the endpoints. */
    static Stream<Class<?>> groups() {
        return Arrays.stream(DifyClient.class.getMethods())
                .filter(method -> method.getParameterCount() == 0)
                .<Class<?>>map(Method::getReturnType)
                .filter(type -> type.getPackageName().startsWith(DifyClient.class.getPackageName() + "."));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void everyCallThatWaitsHasATwinThatDoesNot(Class<?> group) {
        Set<String> twins = calls(group)
                .filter(method -> method.getReturnType() == CompletableFuture.class)
                .map(Method::getName)
                .collect(Collectors.toSet());
        assertThat(calls(group).filter(TwinsTest::waits).map(method -> method.getName() + "Async"))
                .isNotEmpty()
                .isSubsetOf(twins);
    }

    private static Stream<Method> calls(Class<?> group) {
        return Arrays.stream(group.getDeclaredMethods()).filter(method -> Modifier.isPublic(method.getModifiers()));
    }

    /** A lazy list waits where it is read; its pages have twins of their own. */
    private static boolean waits(Method method) {
        return !Set.of(CompletableFuture.class, DifyStream.class, Stream.class).contains(method.getReturnType());
    }
}
