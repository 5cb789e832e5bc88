package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.github.difyjakarta.client.app.AppParameters;
import io.github.difyjakarta.client.app.AppParameters.UploadLimits;
import io.github.difyjakarta.client.app.InputField;
import io.github.difyjakarta.client.file.InputFile;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an app takes of files, by its own {@code GET /parameters}: with questions, and in the fields of its form. Dify decides
 * by the extension of the name, so does this; and it looks whether an image or PDF is one.
 *
 * @param types {@link InputFile.Type} by their names in the wire format; empty for all
 * @param extensions of {@code custom} files, in lower case and without dots
 * @param limits as Dify names them
 */
record UploadRules(Set<String> types, Set<String> extensions, UploadLimits limits) {
    private static final long MEGABYTE = 1024L * 1024;

    /** As Dify sorts them. */
    private static final Map<InputFile.Type, Set<String>> EXTENSIONS = Map.of(
            InputFile.Type.IMAGE, Set.of("jpg", "jpeg", "png", "webp", "gif", "svg"),
            InputFile.Type.AUDIO, Set.of("mp3", "m4a", "wav", "amr", "mpga"),
            InputFile.Type.VIDEO, Set.of("mp4", "mov", "mpeg", "webm"),
            InputFile.Type.DOCUMENT,
                    Set.of(
                            "txt",
                            "markdown",
                            "md",
                            "mdx",
                            "pdf",
                            "html",
                            "htm",
                            "xlsx",
                            "xls",
                            "vtt",
                            "properties",
                            "doc",
                            "docx",
                            "csv",
                            "eml",
                            "msg",
                            "pptx",
                            "ppt",
                            "xml",
                            "epub"));

    /** The rules of an app; empty where it takes no files at all. */
    static Optional<UploadRules> of(AppParameters parameters) {
        Set<String> types = new HashSet<>();
        Set<String> extensions = new HashSet<>();
        boolean any = false;
        boolean all = false;
        if (parameters.fileUpload().enabled()) {
            any = true;
            all = parameters.fileUpload().types().isEmpty();
            add(
                    types,
                    extensions,
                    parameters.fileUpload().types(),
                    parameters.fileUpload().extensions());
        }
        for (InputField field : parameters.inputForm()) {
            if (field.type().equals("file") || field.type().equals("file-list")) {
                List<String> allowed = field.json().texts("allowed_file_types");
                any = true;
                all |= allowed.isEmpty();
                add(types, extensions, allowed, field.json().texts("allowed_file_extensions"));
            }
        }
        return any
                ? Optional.of(new UploadRules(all ? Set.of() : types, extensions, parameters.limits()))
                : Optional.empty();
    }

    /** Files of any kind, for forms that say only later what they take. */
    static UploadRules anything(AppParameters parameters) {
        return new UploadRules(Set.of(), Set.of(), parameters.limits());
    }

    private static void add(Set<String> types, Set<String> extensions, List<String> moreTypes, List<String> more) {
        types.addAll(moreTypes);
        if (moreTypes.contains(InputFile.Type.CUSTOM.wireName())) {
            more.forEach(extension ->
                    extensions.add(extension.toLowerCase(Locale.ROOT).replaceFirst("^\\.", "")));
        }
    }

    /**
     * How large a file may be, in bytes.
     *
     * @throws Problem 415 for one that the app does not take, or that is not what its name says
     */
    long most(String extension, FileContent content) {
        InputFile.Type type = typeOf(extension);
        boolean taken = types.isEmpty() || types.contains(type.wireName()) || extensions.contains(extension);
        if (!taken) {
            throw IncomingFile.unsupported("This app does not take files of this type.");
        }
        if (isFalse(extension, content)) {
            throw IncomingFile.unsupported("The file is not what its name says.");
        }
        long megabytes =
                switch (type) {
                    case IMAGE -> limits.imageMegabytes();
                    case AUDIO -> limits.audioMegabytes();
                    case VIDEO -> limits.videoMegabytes();
                    case DOCUMENT, CUSTOM -> limits.documentMegabytes();
                };
        return megabytes <= 0 ? Long.MAX_VALUE : megabytes * MEGABYTE;
    }

    private static InputFile.Type typeOf(String extension) {
        return EXTENSIONS.entrySet().stream()
                .filter(kind -> kind.getValue().contains(extension))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(InputFile.Type.CUSTOM);
    }

    /** Whether it begins otherwise than files of its name do; only for kinds that are looked at by browsers. */
    private static boolean isFalse(String extension, FileContent content) {
        return switch (extension) {
            case "png" -> !content.hasAt(0, (byte) 0x89, (byte) 'P', (byte) 'N', (byte) 'G');
            case "jpg", "jpeg" -> !content.hasAt(0, (byte) 0xff, (byte) 0xd8, (byte) 0xff);
            case "gif" -> !content.hasAt(0, "GIF8".getBytes(ISO_8859_1));
            case "webp" ->
                !(content.hasAt(0, "RIFF".getBytes(ISO_8859_1)) && content.hasAt(8, "WEBP".getBytes(ISO_8859_1)));
            case "pdf" -> !content.hasAt(0, "%PDF".getBytes(ISO_8859_1));
            default -> false;
        };
    }

    /** In lower case and without a dot; empty where a name has none. */
    static String extension(String fileName) {
        int dot = fileName.lastIndexOf('.');
        return dot < 0 ? "" : fileName.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
