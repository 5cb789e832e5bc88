package io.github.difyjakarta.client.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentDispositionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "attachment; filename=report.pdf | report.pdf",
                "attachment; filename=\"a; b.txt\" | a; b.txt",
                "attachment; filename=\"a \\\"quoted\\\" name.txt\" | a \"quoted\" name.txt",
                "attachment; filename*=UTF-8''%e2%82%ac%20rates.txt | \u20ac rates.txt",
                "attachment; filename*=utf-8'en'plain.txt | plain.txt",
                "attachment; filename*=iso-8859-1''%a3.txt | \u00a3.txt",
                "attachment; filename=\"EURO.txt\"; filename*=UTF-8''%e2%82%ac.txt | \u20ac.txt",
                "attachment; filename*=UTF-8''%e2%82%ac.txt; filename=\"EURO.txt\" | \u20ac.txt",
                "attachment; filename*=UTF-8''a+b.txt | a+b.txt",
                "attachment; filename*=UTF-8''broken%2; filename=plain.txt | plain.txt",
                "attachment; FileName = spaced.txt | spaced.txt",
                "attachment; xfilename=wrong.txt; filename=right.txt | right.txt",
                "attachment; filename=\"../../etc/passwd\" | passwd",
                "attachment; filename*=UTF-8''..%2F..%5Cevil.exe | evil.exe",
            })
    void findsTheName(String header, String name) {
        assertThat(ContentDisposition.fileName(header)).contains(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "inline",
                "attachment",
                "attachment; filename=",
                "attachment; filename=\"\"",
                "attachment; filename=\"..\"",
                "attachment; filename=\"a/\"",
                "attachment; name=\"filename=x\"",
                ";;;;",
                "attachment; filename*=nothing"
            })
    void findsNoneWhereThereIsNone(String header) {
        assertThat(ContentDisposition.fileName(header)).isEmpty();
    }
}
