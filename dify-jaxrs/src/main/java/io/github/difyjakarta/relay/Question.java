package io.github.difyjakarta.relay;

import java.util.Optional;

/**
 * What a browser asks for, as far as that decides whether it asks for the first time.
 *
 * @param app of Dify, by its name here
 * @param user who asks, as Dify knows them
 * @param key the same for every attempt at the same question; empty where each attempt is a question of its own
 * @param content what is asked; equal for the same question. Without a key it decides nothing, and is not kept
 */
public record Question(String app, String user, Optional<String> key, Object content) {
    /** Lets go of the content where nothing will be compared with it. */
    public Question {
        content = key.isPresent() ? content : "";
    }
}
