package io.github.difyjakarta.client.call;

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
public record Download<T>(T body, String mediaType, OptionalLong length, Optional<String> fileName) {}
