package io.github.difyjakarta.client.app;

import io.github.difyjakarta.client.json.DifyJson;
import java.util.List;
import java.util.Optional;

/**
 * How an app wants to be presented: {@code GET /parameters}. Every part is open; what is not named here is in the JSON.
 *
 * @param openingStatement what the app says first; may be empty
 * @param suggestedQuestions to begin with
 * @param suggestsAfterAnswer whether there are suggestions after an answer
 * @param speechToText whether recordings can be transcribed
 * @param textToSpeech whether and how answers are said
 * @param citesSources whether answers name what they were found in
 * @param annotationReply whether annotations answer
 * @param moreLikeThis whether another answer can be asked for
 * @param moderatesWords whether words are moderated
 * @param inputForm what {@code inputs} can or must hold
 * @param fileUpload which files may come with a question
 * @param limits of uploads
 * @param json all of it, as it came
 */
public record AppParameters(
        String openingStatement,
        List<String> suggestedQuestions,
        boolean suggestsAfterAnswer,
        boolean speechToText,
        TextToSpeech textToSpeech,
        boolean citesSources,
        boolean annotationReply,
        boolean moreLikeThis,
        boolean moderatesWords,
        List<InputField> inputForm,
        FileUpload fileUpload,
        UploadLimits limits,
        DifyJson json) {
    /**
     * How answers are said.
     *
     * @param enabled whether they are
     * @param voice of the provider's; may be empty
     * @param language such as {@code en-US}; may be empty
     * @param autoPlay {@code enabled} where streams bring speech by themselves; may be empty
     */
    public record TextToSpeech(boolean enabled, String voice, String language, String autoPlay) {}

    /**
     * Which files may come with a question.
     *
     * @param enabled whether any may
     * @param types such as {@code image} and {@code document}; empty where Dify names none
     * @param extensions with their dots, for {@code custom} files
     * @param methods {@code local_file} and {@code remote_url}
     * @param most how many; 0 where Dify names no number
     * @param json all of it, as it came
     */
    public record FileUpload(
            boolean enabled,
            List<String> types,
            List<String> extensions,
            List<String> methods,
            long most,
            DifyJson json) {
        /** What goes for images by themselves; of apps without a workflow, and all there is of old ones. */
        public Optional<ImageUpload> image() {
            return json.optionalObject("image").map(AppParameters::images);
        }
    }

    /**
     * Which images may come with a question.
     *
     * @param enabled whether any may
     * @param methods {@code local_file} and {@code remote_url}
     * @param most how many; 0 where Dify names no number
     * @param detail how exactly the model looks, such as {@code high}; may be empty
     */
    public record ImageUpload(boolean enabled, List<String> methods, long most, String detail) {}

    /**
     * The largest files Dify takes.
     *
     * @param documentMegabytes of files that are none of the others; 0 where Dify names no limit, as below
     * @param imageMegabytes of images
     * @param audioMegabytes of sounds
     * @param videoMegabytes of films
     * @param workflowFiles how many in one run
     */
    public record UploadLimits(
            long documentMegabytes,
            long imageMegabytes,
            long audioMegabytes,
            long videoMegabytes,
            long workflowFiles) {}

    static AppParameters of(DifyJson json) {
        return new AppParameters(
                json.text("opening_statement"),
                json.texts("suggested_questions"),
                isOn(json, "suggested_questions_after_answer"),
                isOn(json, "speech_to_text"),
                speech(json.object("text_to_speech")),
                isOn(json, "retriever_resource"),
                isOn(json, "annotation_reply"),
                isOn(json, "more_like_this"),
                isOn(json, "sensitive_word_avoidance"),
                json.objects("user_input_form").stream()
                        .map(InputField::of)
                        .flatMap(Optional::stream)
                        .toList(),
                files(json.object("file_upload")),
                limits(json.object("system_parameters")),
                json);
    }

    private static boolean isOn(DifyJson json, String feature) {
        return json.object(feature).flag("enabled");
    }

    private static TextToSpeech speech(DifyJson json) {
        return new TextToSpeech(json.flag("enabled"), json.text("voice"), json.text("language"), json.text("autoPlay"));
    }

    private static ImageUpload images(DifyJson json) {
        return new ImageUpload(
                json.flag("enabled"),
                json.texts("transfer_methods"),
                json.number("number_limits"),
                json.text("detail"));
    }

    /** Where Dify has only the part for images, that goes for all. */
    private static FileUpload files(DifyJson json) {
        DifyJson image = json.object("image");
        boolean general = json.has("allowed_file_types");
        return new FileUpload(
                (json.has("enabled") ? json : image).flag("enabled"),
                general || !image.flag("enabled") ? json.texts("allowed_file_types") : List.of("image"),
                json.texts("allowed_file_extensions"),
                general ? json.texts("allowed_file_upload_methods") : image.texts("transfer_methods"),
                json.optionalNumber("number_limits").orElse(image.number("number_limits")),
                json);
    }

    private static UploadLimits limits(DifyJson json) {
        return new UploadLimits(
                json.number("file_size_limit"),
                json.number("image_file_size_limit"),
                json.number("audio_file_size_limit"),
                json.number("video_file_size_limit"),
                json.number("workflow_file_upload_limit"));
    }
}
