package io.github.difyjakarta.servlet;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Where {@link Settings} finds its texts: MicroProfile Config where the server has it; elsewhere system properties, environment
 * variables and the files of the class path, in this order. Thread-safe; only the files are read once and kept.
 */
final class ConfigSources {

    private static final System.Logger LOG = System.getLogger(ConfigSources.class.getName());

    private static final String FILE = "META-INF/microprofile-config.properties";

    private ConfigSources() {}

    /** What the server has, or else the sources of our own, by way of this class loader. */
    static Function<String, Optional<String>> of(ClassLoader loader) {
        return microProfile().orElseGet(() -> {
            List<Properties> files = files(loader);
            return key -> plain(key, files);
        });
    }

    /** By name only: on a server without MicroProfile Config nothing may link the holder. */
    @SuppressWarnings("unchecked") // MicroProfile is this very function
    private static Optional<Function<String, Optional<String>>> microProfile() {
        try {
            Class<?> holder = Class.forName(
                    ConfigSources.class.getName() + "$MicroProfile", true, ConfigSources.class.getClassLoader());
            return Optional.of((Function<String, Optional<String>>)
                    holder.getDeclaredConstructor().newInstance());
        } catch (ReflectiveOperationException | LinkageError e) {
            Throwable cause = e instanceof InvocationTargetException ? e.getCause() : e;
            LOG.log(System.Logger.Level.DEBUG, "No MicroProfile Config here; settings are read without it", cause);
            return Optional.empty();
        }
    }

    /** The one class that names types of MicroProfile. */
    static final class MicroProfile implements Function<String, Optional<String>> {

        // Resolved once: later threads may have another context class loader, by which it is found.
        private final Config config = ConfigProvider.getConfig();

        @Override
        public Optional<String> apply(String key) {
            return config.getOptionalValue(key, String.class);
        }
    }

    private static Optional<String> plain(String key, List<Properties> files) {
        return Stream.concat(
                        Stream.of(System.getProperty(key, ""), environment(key, System::getenv)),
                        files.stream().map(file -> file.getProperty(key, "")))
                .filter(value -> !value.isBlank())
                .findFirst();
    }

    /** The three spellings MicroProfile Config knows: {@code dify.api-url}, {@code dify_api_url}, {@code DIFY_API_URL}. */
    static String environment(String key, Function<String, String> variables) {
        String underscored = key.replaceAll("[^A-Za-z0-9]", "_");
        return Stream.of(key, underscored, underscored.toUpperCase(Locale.ROOT))
                .map(name -> Optional.ofNullable(variables.apply(name)).orElse(""))
                .filter(value -> !value.isBlank())
                .findFirst()
                .orElse("");
    }

    private static List<Properties> files(ClassLoader loader) {
        List<Properties> files = new ArrayList<>();
        try {
            for (URL url : Collections.list(loader.getResources(FILE))) {
                URLConnection connection = url.openConnection();
                connection.setUseCaches(false); // a cached JAR stays open, and outlives the application
                try (Reader reader = new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8)) {
                    Properties file = new Properties();
                    file.load(reader);
                    files.add(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + FILE, e);
        }
        return files;
    }
}
