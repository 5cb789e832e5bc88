package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class IncomingFileTest {
    private static final String FORM = "multipart/form-data; boundary=B";
    private static final int MAX = 1000;

    private static String part(String disposition, String type, String content) {
        return "--B\r\nContent-Disposition: form-data; " + disposition + "\r\n" + type + "\r\n" + content + "\r\n";
    }

    private static String file(String name) {
        return part("name=\"file\"; filename=\"" + name + "\"", "Content-Type: text/plain\r\n", "hello");
    }

    private static IncomingFile open(String type, String body) throws IOException {
        return IncomingFile.open(request(type, body, body.getBytes(UTF_8).length), MAX);
    }

    @Test
    void readsUpToTheFileAndLeavesItsBytesForLater() throws IOException {
        IncomingFile file = open(FORM, part("name=\"user\"", "", "victim") + file("Grüße \u2603.TXT") + "--B--\r\n");
        assertThat(file.name()).isEqualTo("Grüße \u2603.TXT");
        assertThat(file.extension()).isEqualTo("txt");
        assertThat(file.mediaType()).isEqualTo("text/plain");
        assertThat(new String(file.content().readAllBytes(), UTF_8)).isEqualTo("hello");
    }

    @Test
    void takesAnEmptyFile() throws IOException {
        String empty = part("name=\"file\"; filename=\"a\"", "Content-Type: text/plain\r\n", "");
        assertThat(open(FORM, empty + "--B--\r\n").content().readAllBytes()).isEmpty();
    }

    @Test
    void noticesThatAFileDidNotComeWhole() throws IOException {
        String torn = part("name=\"file\"; filename=\"a\"", "Content-Type: text/plain\r\n", "x".repeat(900));
        IncomingFile file = open(FORM, torn);
        assertThatIOException().isThrownBy(() -> file.content().readAllBytes());
        assertThat(file.content().failure()).isPresent();
    }

    static Stream<Arguments> wrong() {
        String end = "--B--\r\n";
        return Stream.of(
                argumentSet("no part", FORM, end, 400, "no_file_uploaded"),
                argumentSet("another part", FORM, part("name=\"user\"", "", "x") + end, 400, "no_file_uploaded"),
                argumentSet("no file name", FORM, part("name=\"file\"", "", "x") + end, 400, "no_file_uploaded"),
                argumentSet("an empty file name", FORM, file("") + end, 400, "filename_not_exists_error"),
                argumentSet("a path", FORM, file("../etc/passwd") + end, 400, "invalid_param"),
                argumentSet("a path of Windows", FORM, file("..\\\\boot.ini") + end, 400, "invalid_param"),
                argumentSet(
                        "no type",
                        FORM,
                        part("name=\"file\"; filename=\"a\"", "", "x") + end,
                        415,
                        "unsupported_file_type"),
                argumentSet(
                        "many parts", FORM, part("name=\"x\"", "", "x").repeat(1000) + end, 400, "no_file_uploaded"),
                argumentSet("no boundary", "multipart/form-data", file("a") + end, 400, "bad_request"),
                argumentSet("no end of a head", FORM, "--B\r\nContent-Disposition: form-da", 400, "bad_request"),
                argumentSet("no form", "application/json", "{}", 415, "unsupported_media_type"),
                argumentSet("another form", "application/x-www-form-urlencoded", "a=b", 415, "unsupported_media_type"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void refusesWhatCannotBePassedOn(String type, String body, int status, String code) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> open(type, body))
                .satisfies(problem -> {
                    assertThat(problem.error().code()).isEqualTo(code);
                    assertThat(problem.error().status()).isEqualTo(status);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {5_000, 100_000})
    void refusesHeadsOfPartsThatAreTooLong(int length) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> open(FORM, file("n".repeat(length)) + "--B--\r\n"))
                .satisfies(problem -> assertThat(problem.error().status()).isIn(400, 413));
    }

    @Test
    void refusesARequestThatSaysItIsTooLargeUnread() {
        HttpServletRequest request = request(FORM, file("a.txt"), 10L << 30);
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(() -> IncomingFile.open(request, MAX))
                .satisfies(problem -> assertThat(problem.error().code()).isEqualTo("file_too_large"));
    }

    /** A request of a certain type, with a body of which it says a length. */
    private static HttpServletRequest request(String type, String body, long length) {
        ServletInputStream bytes = new Bytes(body.getBytes(UTF_8));
        return (HttpServletRequest) Proxy.newProxyInstance(
                IncomingFileTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "getMethod" -> "POST";
                    case "getContentType" -> type;
                    case "getContentLengthLong" -> length;
                    case "getContentLength" -> (int) Math.min(Integer.MAX_VALUE, length);
                    case "getInputStream" -> bytes;
                    case "getHeader", "getCharacterEncoding" -> null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private static final class Bytes extends ServletInputStream {
        private final ByteArrayInputStream bytes;

        Bytes(byte[] bytes) {
            this.bytes = new ByteArrayInputStream(bytes);
        }

        @Override
        public int read() {
            return bytes.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            return bytes.read(target, offset, length);
        }

        @Override
        public boolean isFinished() {
            return bytes.available() == 0;
        }

        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setReadListener(ReadListener listener) {
            throw new UnsupportedOperationException();
        }
    }
}
