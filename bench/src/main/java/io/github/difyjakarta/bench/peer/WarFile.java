package io.github.difyjakarta.bench.peer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** An application's archive as it is put together. Not thread-safe. */
final class WarFile implements AutoCloseable {

    private static final String NAIVE = "io/github/difyjakarta/bench/naive";

    private final ZipOutputStream zip;

    private WarFile(OutputStream out) {
        zip = new ZipOutputStream(out);
    }

    /** A page of its own, and the drop-in JAR. */
    static void ofDropIn(Path war, Path build) throws IOException {
        try (WarFile file = new WarFile(Files.newOutputStream(war))) {
            file.add("index.html", "<p>Chat by the drop-in JAR</p>");
            file.addLibrary(build.resolve("peers/dropin.jar"));
        }
    }

    /** A page of its own, the classes of the tutorial, and Jackson. */
    static void ofNaive(Path war, Path build) throws IOException {
        try (WarFile file = new WarFile(Files.newOutputStream(war))) {
            file.add("index.html", "<p>Chat by hand</p>");
            Path classes = build.resolve("classes");
            for (Path type : files(classes.resolve(NAIVE), ".class")) {
                file.add("WEB-INF/classes/" + classes.relativize(type), type);
            }
            for (Path library : files(build.resolve("lib"), ".jar")) {
                if (library.getFileName().toString().startsWith("jackson-")) {
                    file.addLibrary(library);
                }
            }
        }
    }

    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(file -> file.toString().endsWith(ending)).sorted().toList();
        }
    }

    private void addLibrary(Path jar) throws IOException {
        add("WEB-INF/lib/" + jar.getFileName(), jar);
    }

    private void add(String name, Path content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        Files.copy(content, zip);
        zip.closeEntry();
    }

    private void add(String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(UTF_8));
        zip.closeEntry();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
