package io.github.difyjakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.github.difyjakarta.relay.RelayError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileContentTest {
    private static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        for (int i = 0; i < count; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 15, 16, 17, 1000})
    void passesEveryByteUpToTheLimit(int size) throws IOException {
        FileContent content = FileContent.of(new ByteArrayInputStream(bytes(size)), 1000);
        assertThat(content.readAllBytes()).isEqualTo(bytes(size));
        assertThat(content.failure()).isEmpty();
    }

    @Test
    void refusesOneByteMore() throws IOException {
        FileContent content = FileContent.of(new ByteArrayInputStream(bytes(1001)), 1000);
        assertThatIOException().isThrownBy(content::readAllBytes);
        assertThat(content.failure()).map(RelayError::code).contains("file_too_large");
    }

    @Test
    void theNarrowerLimitCounts() throws IOException {
        FileContent content = FileContent.of(new ByteArrayInputStream(bytes(20)), 1000);
        content.atMost(5000);
        content.atMost(19);
        assertThatIOException().isThrownBy(content::readAllBytes);
        assertThat(content.failure()).map(RelayError::status).contains(413);
    }

    @Test
    void remembersThatItBrokeOff() throws IOException {
        InputStream closed = InputStream.nullInputStream();
        closed.close();
        InputStream torn = new SequenceInputStream(new ByteArrayInputStream(bytes(20)), closed);
        FileContent content = FileContent.of(torn, 1000);
        assertThatIOException().isThrownBy(() -> {
            while (content.read() >= 0) {
                assertThat(content.failure()).isEmpty();
            }
        });
        assertThat(content.failure()).map(RelayError::code).contains("bad_request");
    }
}
