package io.github.difyjakarta.ui;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A file of the browser kit. Immutable.
 *
 * @param type its media type
 * @param plain as it is
 * @param zipped the same by gzip
 */
record Script(String type, Form plain, Form zipped) {
    private static final String DIRECTORY = "META-INF/resources/dify-ui/";
    /** No path leads out of the directory, or to what is in it for other purposes. */
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,63}\\.(js|js\\.map|css)");

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    /** Reads a file of this JAR; empty if there is none of that {@linkplain #isName name}. */
    static Optional<Script> load(String name) {
        try (InputStream file = Script.class.getClassLoader().getResourceAsStream(DIRECTORY + name)) {
            return file == null ? Optional.empty() : Optional.of(of(name, file.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(DIRECTORY + name + " of this JAR cannot be read", e);
        }
    }

    private static Script of(String name, byte[] bytes) throws IOException {
        String hash = hash(bytes);
        return new Script(
                typeOf(name), new Form(bytes, '"' + hash + '"'), new Form(zip(bytes), '"' + hash + "-gzip\""));
    }

    private static String typeOf(String name) {
        if (name.endsWith(".js")) {
            return "text/javascript;charset=utf-8";
        }
        return name.endsWith(".css") ? "text/css;charset=utf-8" : "application/json";
    }

    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(digest)
                    .substring(0, 22);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static byte[] zip(byte[] bytes) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream(bytes.length / 2);
        try (GZIPOutputStream gzip = new SmallestGzip(zipped)) {
            gzip.write(bytes);
        }
        return zipped.toByteArray();
    }

    private static final class SmallestGzip extends GZIPOutputStream {
        SmallestGzip(ByteArrayOutputStream out) throws IOException {
            super(out);
            def.setLevel(Deflater.BEST_COMPRESSION);
        }
    }

    /**
     * What is sent of it.
     *
     * @param bytes the body
     * @param tag strong, in quotes
     */
    record Form(byte[] bytes, String tag) {
        /** Whether a browser has it already, by its {@code If-None-Match} (RFC 9110, 13.1.2). */
        boolean isNamedIn(@Nullable String ifNoneMatch) {
            return ifNoneMatch != null
                    && Stream.of(ifNoneMatch.split(",", -1))
                            .map(String::strip)
                            // Proxies that compress weaken a tag; for this purpose weak ones count.
                            .map(known -> known.startsWith("W/") ? known.substring(2) : known)
                            .anyMatch(known -> known.equals(tag) || known.equals("*"));
        }
    }
}
