package io.github.difyjakarta.client.event;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something to be entered into a {@link HumanInputForm}.
 *
 * @param json all of it, as it came
 */
public record FormInput(DifyJson json) {
    /** What it is sent as. */
    public String name() {
        return json.text("output_variable_name");
    }

    /** {@code paragraph}, {@code select}, {@code file}, {@code file-list}, or a newer one. */
    public String type() {
        return json.text("type");
    }

    /** What it begins with; see also {@link HumanInputForm#defaults()}. */
    public Optional<Source> defaultValue() {
        return json.optionalObject("default").map(Source::new);
    }

    /** What a {@code select} lets choose from. */
    public Optional<Source> options() {
        return json.optionalObject("option_source").map(Source::new);
    }

    /** Of files: such as {@code image}. */
    public List<String> allowedFileTypes() {
        return json.texts("allowed_file_types");
    }

    /** Of files. */
    public List<String> allowedFileExtensions() {
        return json.texts("allowed_file_extensions");
    }

    /** Of files: {@code local_file}, {@code remote_url}. */
    public List<String> allowedUploadMethods() {
        return json.texts("allowed_file_upload_methods");
    }

    /** How many files a {@code file-list} may have. */
    public OptionalLong numberLimit() {
        return json.optionalNumber("number_limits");
    }

    /**
     * Where a value comes from.
     *
     * @param json all of it, as it came
     */
    public record Source(DifyJson json) {
        /** {@code constant}, {@code variable}, or a newer one. */
        public String type() {
            return json.text("type");
        }

        /** The variable: node id, then names. */
        public List<String> selector() {
            return json.texts("selector");
        }

        /** The constant; empty where it is a list. */
        public String value() {
            return json.text("value");
        }

        /** The constants; empty where it is one. */
        public List<String> values() {
            return json.texts("value");
        }
    }
}
