package io.github.difyjakarta.it;

import io.github.difyjakarta.it.host.Passwords;
import io.github.difyjakarta.simulator.DifySimulator;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.WebArchive;

/** WARs with the drop-in JAR. */
final class Wars {

    private Wars() {}

    /**
     * An application with a page, users, and the drop-in.
     *
     * @param name of the file, {@code x.war}
     * @param settings in its {@code META-INF/microprofile-config.properties}
     */
    static WebArchive chat(String name, Map<String, String> settings) {
        return plain(name, settings).addClass(Passwords.class);
    }

    /** The same without users. */
    static WebArchive plain(String name, Map<String, String> settings) {
        return bare(name)
                .addAsLibrary(dropIn())
                .addAsResource(properties(settings), "META-INF/microprofile-config.properties");
    }

    /** An application with a page and nothing else. */
    static WebArchive bare(String name) {
        return ShrinkWrap.create(WebArchive.class, name)
                .addAsWebResource(new StringAsset("<p>The host's own page</p>"), "index.html");
    }

    /** The JAR that users get. */
    static File dropIn() {
        return new File(System.getProperty("dropin.jar", "no -Ddropin.jar"));
    }

    /** What an application adds that counts in Redis; Reactor is the server's. */
    static File[] lettuce() {
        return Stream.of(System.getProperty("lettuce.jars", "no -Dlettuce.jars").split(File.pathSeparator, -1))
                .map(File::new)
                .toArray(File[]::new);
    }

    /** The two settings that are enough. */
    static Map<String, String> settings(DifySimulator dify) {
        return Map.of("dify.api-url", dify.url().toString(), "dify.api-key", dify.key());
    }

    /** Settings and more settings, as key, value, key, value. */
    static Map<String, String> with(Map<String, String> settings, String... more) {
        Map<String, String> all = new LinkedHashMap<>(settings);
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return all;
    }

    /** Settings and one more app, in a Dify of its own. */
    static Map<String, String> withApp(Map<String, String> settings, String app, DifySimulator dify, String mode) {
        String prefix = "dify.apps." + app;
        Map<String, String> all = with(
                settings,
                prefix + ".api-url",
                dify.url().toString(),
                prefix + ".api-key",
                dify.key(),
                prefix + ".mode",
                mode);
        all.merge("dify.apps", app, (apps, another) -> apps + "," + another);
        return all;
    }

    /** Without quotas, unless a test is about them: tests ask more often than people. */
    private static StringAsset properties(Map<String, String> settings) {
        Map<String, String> all = new LinkedHashMap<>(Map.of("dify.quota.enabled", "false"));
        all.putAll(settings);
        return new StringAsset(all.entrySet().stream()
                .map(setting -> setting.getKey() + "=" + setting.getValue() + "\n")
                .collect(Collectors.joining()));
    }
}
