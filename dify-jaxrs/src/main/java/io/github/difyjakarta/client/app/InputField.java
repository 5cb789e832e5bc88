package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A field of an app's input form, from {@code user_input_form} of {@code GET /parameters}.
 *
 * @param type such as {@code text-input}, {@code paragraph}, {@code select}, {@code number}, {@code checkbox}, {@code file},
 *     {@code file-list}, {@code json_object}, {@code external_data_tool}
 * @param variable the name in {@code inputs}
 * @param label for people
 * @param required whether a request without it is refused
 * @param defaultValue where there is one
 * @param maxLength of a text
 * @param options of a {@code select}
 * @param json all of it, as it came
 */
public record InputField(
        String type,
        String variable,
        String label,
        boolean required,
        Optional<String> defaultValue,
        Optional<Long> maxLength,
        List<String> options,
        DifyJson json) {
    /** Each entry is an object whose one key is the type. */
    static Optional<InputField> of(DifyJson entry) {
        Set<String> types = entry.fields();
        if (types.size() != 1) {
            return Optional.empty();
        }
        String type = types.iterator().next();
        DifyJson field = entry.object(type);
        return Optional.of(new InputField(
                type,
                field.text("variable"),
                field.text("label"),
                field.flag("required"),
                field.optionalText("default"),
                field.optionalNumber("max_length").isPresent()
                        ? Optional.of(field.number("max_length"))
                        : Optional.empty(),
                field.texts("options"),
                field));
    }
}
