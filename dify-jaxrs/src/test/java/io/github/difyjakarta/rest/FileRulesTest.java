package io.github.difyjakarta.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.github.difyjakarta.client.file.InputFile;
import io.github.difyjakarta.client.json.Jackson;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileRulesTest {
    private static final String ID = "0198a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";
    private static final String UPLOADED =
            "{\"type\":\"image\",\"transfer_method\":\"local_file\",\"upload_file_id\":\"" + ID + "\"}";
    private static final String REMOTE =
            "{\"type\":\"document\",\"transfer_method\":\"remote_url\",\"url\":\"https://example.com/a.pdf\"}";

    private static final FileRules UPLOADS = new FileRules(true, false);
    private static final FileRules ALL = new FileRules(true, true);
    private static final FileRules NONE = new FileRules(false, false);

    private static JsonNode json(String text) throws JsonProcessingException {
        return Jackson.MAPPER.readTree(text);
    }

    @Test
    void takesUploads() throws Exception {
        assertThat(UPLOADS.files(json("[" + UPLOADED + "]")))
                .containsExactly(InputFile.uploaded(InputFile.Type.IMAGE, ID));
        assertThat(UPLOADS.files(json("null"))).isEmpty();
        assertThat(NONE.files(json("[]"))).isEmpty();
    }

    @Test
    void takesAddressesOnlyWhereTheyAreAllowed() throws Exception {
        assertThat(ALL.files(json("[" + REMOTE + "]")).get(0).url()).contains("https://example.com/a.pdf");
        assertRefused(() -> UPLOADS.files(json("[" + REMOTE + "]")));
        assertRefused(() -> NONE.files(json("[" + UPLOADED + "]")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[7]",
                "[{\"type\":\"image\"}]",
                "[{\"type\":\"script\",\"transfer_method\":\"local_file\",\"upload_file_id\":\"" + ID + "\"}]",
                "[{\"type\":\"image\",\"transfer_method\":\"local_file\",\"upload_file_id\":\"../x\"}]",
                "[{\"type\":\"image\",\"transfer_method\":\"tool_file\",\"tool_file_id\":\"" + ID + "\"}]",
                "[{\"type\":\"image\",\"transfer_method\":\"remote_url\",\"url\":\"http://10.0.0.1/\"}]",
                "[{\"type\":\"image\",\"transfer_method\":\"remote_url\",\"remote_url\":\"https://example.com/a\"}]",
                "[{\"type\":\"image\",\"transfer_method\":\"remote_url\",\"url\":\"https://example.com/a\","
                        + "\"remote_url\":\"http://127.1/\"}]"
            })
    void refusesWhatIsNoFileAndWhatLeadsElsewhere(String files) {
        assertRefused(() -> ALL.files(json(files)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"photo\":%s}", "{\"photos\":[%s]}", "{\"deep\":{\"er\":[[%s]]}}"})
    void looksForFilesInInputsToo(String inputs) throws Exception {
        UPLOADS.checkInputs(json(inputs.formatted(UPLOADED)));
        assertRefused(() -> UPLOADS.checkInputs(json(inputs.formatted(REMOTE))));
        assertRefused(() -> NONE.checkInputs(json(inputs.formatted(UPLOADED))));
    }

    private interface Reading {
        void run() throws JsonProcessingException;
    }

    private static void assertRefused(Reading reading) {
        assertThatExceptionOfType(Problem.class)
                .isThrownBy(reading::run)
                .satisfies(problem -> assertThat(problem.error().code()).isEqualTo("invalid_param"));
    }
}
