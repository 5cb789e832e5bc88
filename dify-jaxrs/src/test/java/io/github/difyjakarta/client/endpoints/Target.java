package io.github.difyjakarta.client.endpoints;

import io.github.difyjakarta.client.DifyClient;
import io.github.difyjakarta.client.config.ApiKey;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.conversation.Conversation;
import io.github.difyjakarta.client.error.DifyUnsupportedException;
import io.github.difyjakarta.simulator.DifySimulator;
import io.github.difyjakarta.simulator.DifySimulatorBuilder;
import java.lang.module.ModuleDescriptor.Version;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.function.ThrowingConsumer;

/**
 * What the endpoint tests talk to: the simulator as each generation of Dify, and a real Dify where {@code -Ddify.live.url} and
 * {@code -Ddify.live.key.<mode>} name one.
 *
 * @param version of the simulated Dify; empty for a real one, which says it by itself
 */
record Target(AppMode mode, Optional<String> version) {
    /** One release of each generation that behaves differently. */
    private static final List<String> GENERATIONS = List.of("1.12.0", "1.13.0", "1.14.2", "1.15.0", "1.16.0");

    /** An app of a mode, everywhere. */
    static Stream<Target> of(AppMode mode) {
        Stream<Target> simulated = GENERATIONS.stream().map(version -> new Target(mode, Optional.of(version)));
        return liveKey(mode).isPresent()
                ? Stream.concat(simulated, Stream.of(new Target(mode, Optional.empty())))
                : simulated;
    }

    private static Optional<String> liveKey(AppMode mode) {
        return Optional.ofNullable(System.getProperty("dify.live.url"))
                .flatMap(url -> Optional.ofNullable(System.getProperty("dify.live.key." + mode.wireName())));
    }

    boolean isLive() {
        return version.isEmpty();
    }

    /** What a test has of it: a client, and a user nobody else is. */
    record Visit(DifyClient dify, String user, Target target) {
        /** Whether the server has what came with a release. */
        boolean has(String release) {
            String version = target.version()
                    .or(() -> {
                        dify.app().info();
                        return dify.serverVersion();
                    })
                    .orElse("1.16.0");
            return Version.parse(version).compareTo(Version.parse(release)) >= 0;
        }

        /** That a newer server does it, and an older one is said to be too old. */
        void since(String release, ThrowingCallable feature) throws Throwable {
            if (has(release)) {
                feature.call();
            } else {
                Assertions.assertThatThrownBy(feature)
                        .isInstanceOfSatisfying(
                                DifyUnsupportedException.class, refused -> Assertions.assertThat(refused.needed())
                                        .isEqualTo(release));
            }
        }
    }

    /** Goes there, and leaves nothing behind. */
    void visit(ThrowingConsumer<Visit> test) throws Throwable {
        visit(UnaryOperator.identity(), test);
    }

    /**
     * The same where the app must be a certain one.
     *
     * @param settings of the simulator; a real app has its own
     */
    void visit(UnaryOperator<DifySimulatorBuilder> settings, ThrowingConsumer<Visit> test) throws Throwable {
        String user = "dify-jakarta-test-" + UUID.randomUUID();
        if (isLive()) {
            try (DifyClient dify = client(
                    URI.create(System.getProperty("dify.live.url")),
                    liveKey(mode).orElseThrow())) {
                test.accept(new Visit(dify, user, this));
                if (mode != AppMode.COMPLETION && mode != AppMode.WORKFLOW) {
                    List<Conversation> begun = dify.conversations().all(user).toList();
                    begun.forEach(one -> dify.conversations().delete(user, one.id()));
                }
            }
        } else {
            try (DifySimulator simulator = settings.apply(DifySimulator.builder()
                                    .mode(mode.wireName())
                                    .version(version.orElseThrow()))
                            .start();
                    DifyClient dify = client(simulator.url(), simulator.key())) {
                test.accept(new Visit(dify, user, this));
            }
        }
    }

    private DifyClient client(URI url, String key) {
        return DifyClient.create(DifyConfig.of(url, new ApiKey(key)).withMode(mode));
    }

    @Override
    public String toString() {
        return mode.wireName() + " " + version.orElse("live");
    }
}
