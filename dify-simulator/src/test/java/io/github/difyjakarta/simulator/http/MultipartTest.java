package io.github.difyjakarta.simulator.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.difyjakarta.simulator.http.Multipart.Part;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartTest {

    private static final String TYPE = "multipart/form-data; boundary=\"b:1\"; charset=utf-8";

    @Test
    void readsFieldsAndFilesInTheirOrder() {
        Multipart form = form("""
                a preamble that nobody reads
                --b:1
                Content-Disposition: form-data; name="user"

                Jürgen
                --b:1
                content-disposition:form-data; name=file; filename="Grüße 你好.txt"
                CONTENT-TYPE: Text/Plain; charset=x

                one
                two
                --b:1 \s
                Content-Disposition: form-data; name="empty"; filename=""


                --b:1--
                an epilogue""");

        assertThat(form.field("user")).contains("Jürgen");
        assertThat(form.field("file")).as("no field, but a file").isEmpty();
        assertThat(form.files()).extracting(Part::name).containsExactly("file", "empty");
        Part file = form.files().get(0);
        assertThat(file.filename()).contains("Grüße 你好.txt");
        assertThat(file.mimeType()).isEqualTo("text/plain");
        assertThat(new String(file.bytes(), StandardCharsets.UTF_8)).isEqualTo("one\r\ntwo");
        assertThat(form.files().get(1).filename()).contains("");
        assertThat(form.files().get(1).size()).isZero();
        assertThat(form.files().get(1).mimeType()).isEmpty();
    }

    @Test
    void keepsEveryByteOfAFileEvenWhatLooksLikeABoundary() {
        byte[] bytes = new byte[100_000];
        new Random(1).nextBytes(bytes);
        byte[] decoys = "\r\n--b:\r\n-b:1\r\n\r\n--b".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(decoys, 0, bytes, i * 100, decoys.length);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(ascii("--b:1\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n"));
        body.writeBytes(bytes);
        body.writeBytes(ascii("\r\n--b:1--\r\n"));

        assertThat(form(TYPE, body.toByteArray()).files().get(0).bytes()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "filename=\"a;b=c.txt\" | a;b=c.txt",
                "filename=\"say \\\"hi\\\".txt\" | say \"hi\".txt",
                "filename=\"C:\\temp\\a.txt\" | C:\\temp\\a.txt",
                "filename=plain.txt | plain.txt",
                "filename=\"fallback\"; filename*=UTF-8''Gr%C3%BC%C3%9Fe+1.txt | Grüße+1.txt",
                "filename*=utf-8''100%.txt | 100%.txt",
                "filename=\"never closed | never closed"
            })
    void readsFileNamesHoweverTheyAreQuoted(String parameter, String name) {
        String body = "--b:1\nContent-Disposition: form-data; name=\"f\"; " + parameter + "\n\nx\n--b:1--\n";
        assertThat(form(body).files())
                .extracting(part -> part.filename().orElseThrow())
                .containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--b:1",
                "--b:1--",
                "--b:1\n",
                "--b:1\nContent-Disposition: form-data; name=\"f\"\n\nnever ends",
                "--b:1\nContent-Disposition: form-data; name=\"f\"",
                "no boundary at all"
            })
    void hasNoPartsWhereTheBodyBreaksOff(String body) {
        assertThat(form(body).files()).isEmpty();
        assertThat(form(body).field("f")).isEmpty();
    }

    @Test
    void takesAPartWithoutHeadersForNothing() {
        assertThat(form("--b:1\n\nx\n--b:1\nContent-Disposition: form-data; name=\"f\"\n\ny\n--b:1--")
                        .field("f"))
                .contains("y");
    }

    @Test
    void readsAThousandPartsAndNoneMore() {
        String part = "--b:1\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\n\nx\n";
        assertThat(form(part.repeat(1000) + "--b:1--").files()).hasSize(1000);
        assertThat(form(part.repeat(1001) + "--b:1--").files()).hasSize(1000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data", "multipart/mixed; boundary=\"b:1\"", ""})
    void hasNoPartsWhereTheContentTypeSaysNothingOfAForm(String type) {
        String body = "--b:1\r\nContent-Disposition: form-data; name=\"f\"\r\n\r\nx\r\n--b:1--";
        assertThat(form(type, ascii(body)).field("f")).isEmpty();
    }

    private static Multipart form(String lines) {
        return form(TYPE, lines.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private static Multipart form(String type, byte[] body) {
        return Multipart.of(new HttpRequest("POST", "/", "HTTP/1.1", Map.of("content-type", List.of(type)), body));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
