package io.github.difyjakarta.client.call;

import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file that Dify sent.
 *
 * @param body what became of its bytes
 * @param mediaType as Dify says, which for speech is not always true
 * @param length in bytes, where it is known
 * @param fileName where Dify gives one
 */
public record Download<T>(T body, String mediaType, OptionalLong length, Optional<String> fileName) {
    /** Takes a download into a file, which is replaced. */
    public static BodySubscriber<Path> into(Path target) {
        return BodySubscribers.ofFile(
                target, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
    }
}
