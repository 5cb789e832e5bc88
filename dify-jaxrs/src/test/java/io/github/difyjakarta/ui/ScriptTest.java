package io.github.difyjakarta.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    private final Script script = Script.load("dify-stream.js").orElseThrow();

    @Test
    void isTheSameZipped() throws IOException {
        try (GZIPInputStream unzipped =
                new GZIPInputStream(new ByteArrayInputStream(script.zipped().bytes()))) {
            assertThat(unzipped.readAllBytes()).isEqualTo(script.plain().bytes());
        }
        assertThat(script.zipped().bytes()).hasSizeLessThan(script.plain().bytes().length / 2);
    }

    @Test
    void hasATagOfItsContentAndForm() {
        assertThat(script.plain().tag()).matches("\"[A-Za-z0-9_-]{22}\"");
        assertThat(script.zipped().tag()).isNotEqualTo(script.plain().tag());
        assertThat(Script.load("dify-api.js").orElseThrow().plain().tag())
                .isNotEqualTo(script.plain().tag());
        assertThat(Script.load("dify-stream.js").orElseThrow().plain().tag())
                .isEqualTo(script.plain().tag());
    }

    @Test
    void isKnownByItsTagAmongOthersAndWeakened() {
        Script.Form form = script.plain();
        assertThat(form.isNamedIn(null)).isFalse();
        assertThat(form.isNamedIn("\"other\"")).isFalse();
        assertThat(form.isNamedIn(script.zipped().tag())).isFalse();
        assertThat(form.isNamedIn(form.tag())).isTrue();
        assertThat(form.isNamedIn("\"other\", W/" + form.tag())).isTrue();
        assertThat(form.isNamedIn("*")).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "package.json",
                "dify-stream.d.ts",
                "../dify-ui/dify-stream.js",
                "sub/dify-stream.js",
                "..js",
                "dify-stream.map",
                "Dify-stream.js",
                "dify-stream.js/"
            })
    void noOtherNameIsAScripts(String name) {
        assertThat(Script.isName(name)).isFalse();
    }

    @Test
    void isNotThereUnderANameThatNoFileHas() {
        assertThat(Script.isName("missing.js")).isTrue();
        assertThat(Script.load("missing.js")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, deflate, br", "br,gzip;q=0.5", "*", "deflate, x-gzip", "gzip;q=0.001"})
    void goesZippedToWhoTakesThat(String acceptEncoding) {
        assertThat(ScriptServlet.takesGzip(acceptEncoding)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "br", "identity", "gzip;q=0", "gzip; q=0.000, br", "nogzip", "*;q=0"})
    void goesAsItIsToWhoDoesNot(String acceptEncoding) {
        assertThat(ScriptServlet.takesGzip(acceptEncoding)).isFalse();
        assertThat(ScriptServlet.takesGzip(null)).isFalse();
    }
}
