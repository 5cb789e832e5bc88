package io.github.difyjakarta.client.file;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Where the bytes of an upload are. As thread-safe as that. */
sealed interface Origin {
    /** In bytes; empty where only the end shows it. */
    OptionalLong length();

    InputStream open() throws IOException;

    /** A file, opened whenever it is sent. */
    record File(Path path, long size) implements Origin {
        @Override
        public OptionalLong length() {
            return OptionalLong.of(size);
        }

        @Override
        public InputStream open() throws IOException {
            return Files.newInputStream(path);
        }
    }

    /** What is in memory. */
    record Memory(byte[] bytes) implements Origin {
        @Override
        public OptionalLong length() {
            return OptionalLong.of(bytes.length);
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(bytes);
        }
    }

    /** A stream, open already: it can be sent once. */
    record Stream(InputStream stream) implements Origin {
        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public InputStream open() {
            return stream;
        }
    }
}
