package io.github.difyjakarta.servlet;

import jakarta.servlet.ServletContext;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Configuration as a lookup from a key to its text, wherever it comes from, and the forms its values have. MicroProfile
 * Config answers where the server has it; elsewhere, in this order: system property, environment variable, every {@code
 * META-INF/microprofile-config.properties} on the class path (the first one found wins). A context parameter of {@code
 * web.xml} comes last in both cases. Empty values count as absent.
 *
 * <pre>{@code
 * Function<String, Optional<String>> lookup = Settings.lookup(servletContext);
 * Settings.Problems problems = new Settings.Problems();
 * Duration idle = problems.read(lookup, "dify.timeout.idle", Duration.ofSeconds(35), Settings::duration);
 * int streams = problems.read(lookup, "dify.quota.user.streams", 3, Settings.integer(1, 1000));
 * problems.throwIfAny();
 * }</pre>
 *
 * <p>Lookups are thread-safe and keep nothing: a source that changes is seen to change.
 */
public final class Settings {

    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,15})\\s*(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(|B|KiB|MiB|GiB)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SECRET = Pattern.compile("(^|[.-])(key|secret|password|token|redis-url)$");

    private Settings() {}

    // ---- where values come from

    /** The configuration of the code that calls, without a servlet context. */
    public static Function<String, Optional<String>> lookup() {
        return nonEmpty(ConfigSources.of(Settings.class.getClassLoader()));
    }

    /** The configuration of a web application, its context parameters included. */
    public static Function<String, Optional<String>> lookup(ServletContext context) {
        Function<String, Optional<String>> server = nonEmpty(ConfigSources.of(context.getClassLoader()));
        return nonEmpty(key -> server.apply(key).or(() -> Optional.ofNullable(context.getInitParameter(key))));
    }

    private static Function<String, Optional<String>> nonEmpty(Function<String, Optional<String>> lookup) {
        return key -> lookup.apply(key).map(String::strip).filter(value -> !value.isEmpty());
    }

    // ---- the forms of values

    /** Turns the text of a setting into its value. */
    @FunctionalInterface
    public interface Parser<T> {
        /**
         * Parses a value that is not empty.
         *
         * @throws IllegalArgumentException naming the key and the expected form, and the value unless the key is secret
         */
        T parse(String key, String value);
    }

    /** A {@link Parser} of text as it is. */
    public static String text(String key, String value) {
        return value;
    }

    /** A {@link Parser} of durations, zero or more: {@code PT15S}, {@code 500ms}, {@code 15s}, {@code 2m}, {@code 1h}. */
    public static Duration duration(String key, String value) {
        Matcher matcher = SHORT_DURATION.matcher(value.toLowerCase(Locale.ROOT));
        try {
            if (matcher.matches()) {
                long amount = Long.parseLong(matcher.group(1));
                return switch (matcher.group(2)) {
                    case "ms" -> Duration.ofMillis(amount);
                    case "s" -> Duration.ofSeconds(amount);
                    case "m" -> Duration.ofMinutes(amount);
                    case "h" -> Duration.ofHours(amount);
                    default -> Duration.ofDays(amount);
                };
            }
            Duration duration = Duration.parse(value);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeParseException | ArithmeticException e) {
            throw wrong(key, value, "a duration such as 15s, 500ms, 2m, 1h or PT15S", e);
        }
        throw wrong(key, value, "a duration that is not negative, such as 15s or PT15S", null);
    }

    /** A {@link Parser} of sizes in bytes, zero or more: {@code 4096}, {@code 256KiB}, {@code 16MiB}. */
    public static long size(String key, String value) {
        Matcher matcher = SIZE.matcher(value);
        if (!matcher.matches()) {
            throw wrong(key, value, "a size in bytes, or such as 256KiB or 16MiB", null);
        }
        long unit =
                switch (matcher.group(2).toLowerCase(Locale.ROOT)) {
                    case "kib" -> 1L << 10;
                    case "mib" -> 1L << 20;
                    case "gib" -> 1L << 30;
                    default -> 1;
                };
        try {
            return Math.multiplyExact(Long.parseLong(matcher.group(1)), unit);
        } catch (ArithmeticException e) {
            throw wrong(key, value, "a size of less than 8 EiB", e);
        }
    }

    /** A {@link Parser} of {@code true} and {@code false}, nothing else: a typing error must not switch anything off. */
    public static boolean bool(String key, String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, value, "true or false", null);
        };
    }

    /** A {@link Parser} of whole numbers from {@code min} to {@code max}. */
    public static Parser<Integer> integer(int min, int max) {
        return (key, value) -> {
            String form = "a whole number from " + min + " to " + max;
            try {
                int number = Integer.parseInt(value);
                if (number >= min && number <= max) {
                    return number;
                }
            } catch (NumberFormatException e) {
                throw wrong(key, value, form, e);
            }
            throw wrong(key, value, form, null);
        };
    }

    /** A {@link Parser} of comma lists; blanks around the items and empty items are dropped. */
    public static List<String> list(String key, String value) {
        return Stream.of(value.split(",", -1))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }

    /** A {@link Parser} of one of an enum's constants, written in lower case with hyphens. */
    public static <E extends Enum<E>> Parser<E> oneOf(Class<E> type) {
        return (key, value) -> {
            List<String> names = new ArrayList<>();
            for (E constant : type.getEnumConstants()) {
                String name = constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
                if (name.equals(value.toLowerCase(Locale.ROOT))) {
                    return constant;
                }
                names.add(name);
            }
            throw wrong(key, value, "one of " + String.join(", ", names), null);
        };
    }

    private static IllegalArgumentException wrong(String key, String value, String form, @Nullable Exception cause) {
        String found = isSecret(key) ? "" : ", not \"" + value + "\"";
        // The cause quotes the value: it is kept from the message of a secret.
        return new IllegalArgumentException(key + " must be " + form + found, isSecret(key) ? null : cause);
    }

    /** Whether the value of this key must appear in no message. */
    public static boolean isSecret(String key) {
        return SECRET.matcher(key).find();
    }

    /** Collects what is wrong, so that an administrator sees all of it at once. Not thread-safe. */
    public static final class Problems {

        private final List<String> messages = new ArrayList<>();

        /** A collector without problems. */
        public Problems() {}

        /** The value of a key, or the default if it is absent or wrong; what is wrong is remembered. */
        public <T> T read(Function<String, Optional<String>> lookup, String key, T defaultValue, Parser<T> parser) {
            return read(lookup, key, parser).orElse(defaultValue);
        }

        /** The value of a key, empty if it is absent or wrong; what is wrong is remembered. */
        public <T> Optional<T> read(Function<String, Optional<String>> lookup, String key, Parser<T> parser) {
            try {
                return lookup.apply(key).map(value -> parser.parse(key, value));
            } catch (IllegalArgumentException e) {
                add(String.valueOf(e.getMessage()));
            } catch (NoSuchElementException e) {
                add(key + " refers to something that is not configured"); // an expression such as ${name}
            }
            return Optional.empty();
        }

        /** Adds a problem: one sentence that names the key. */
        public void add(String message) {
            messages.add(message);
        }

        /** What was found wrong so far, in order. */
        public List<String> messages() {
            return List.copyOf(messages);
        }

        /**
         * Reports everything at once.
         *
         * @throws IllegalStateException if there are problems, with one line for each
         */
        public void throwIfAny() {
            if (!messages.isEmpty()) {
                throw new IllegalStateException("Configuration: " + String.join("; ", messages));
            }
        }
    }
}
