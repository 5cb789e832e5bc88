package io.github.difyjakarta.client;

import io.github.difyjakarta.client.annotation.Annotations;
import io.github.difyjakarta.client.app.App;
import io.github.difyjakarta.client.app.EndUsers;
import io.github.difyjakarta.client.audio.Audio;
import io.github.difyjakarta.client.chat.Chat;
import io.github.difyjakarta.client.chat.Completions;
import io.github.difyjakarta.client.config.CallOptions;
import io.github.difyjakarta.client.config.DifyConfig;
import io.github.difyjakarta.client.conversation.Conversations;
import io.github.difyjakarta.client.conversation.Messages;
import io.github.difyjakarta.client.error.DifyConfigurationException;
import io.github.difyjakarta.client.file.DifyFiles;
import io.github.difyjakarta.client.workflow.HumanInput;
import io.github.difyjakarta.client.workflow.Workflows;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;

/**
 * One Dify app. Thread-safe; make one and keep it: it owns a connection pool and a few threads.
 *
 * <p>Every endpoint is a method that waits, and one ending in {@code Async} that does not: cancelling its future closes the
 * connection. Waiting can be interrupted. All failures are {@link io.github.difyjakarta.client.error.DifyException}s, those of
 * arguments {@link IllegalArgumentException}s before anything is sent.
 *
 * <p>Where data belong to a user the first argument is that user, whom Dify takes at the caller's word: pass only names you
 * have authenticated.
 */
public interface DifyClient extends AutoCloseable {
    /**
     * A client with threads of its own, which {@link #close()} ends.
     *
     * @throws DifyConfigurationException when a key store cannot be read
     */
    static DifyClient create(DifyConfig config) {
        return HttpDifyClient.standalone(config);
    }

    /**
     * A client that uses a scheduler of its surroundings, such as a container's managed one.
     *
     * @param scheduler for deadlines and retries; tasks are short and never block. Not shut down by {@link #close()}
     * @throws DifyConfigurationException when a key store cannot be read
     */
    static DifyClient create(DifyConfig config, ScheduledExecutorService scheduler) {
        return HttpDifyClient.hosted(config, scheduler);
    }

    /**
     * A client for another app that shares this one's threads, and its pool where {@link DifyConfig#connections} are the same;
     * ends with it at the latest.
     */
    DifyClient with(DifyConfig other);

    /** This client, under other options; shares all it has, and closing either closes both. */
    DifyClient with(CallOptions options);

    /** Questions to chat, agent and chatflow apps. */
    Chat chat();

    /** Texts of completion apps. */
    Completions completions();

    /** Runs of workflow apps; also logs, details and events of a chatflow's runs. */
    Workflows workflows();

    /** Forms that runs of workflows and chatflows wait for. */
    HumanInput humanInput();

    /** Conversations of a user, and what chatflows remember in them. */
    Conversations conversations();

    /** History, feedback, and questions to ask next. */
    Messages messages();

    /** Uploads and previews. */
    DifyFiles files();

    /** Speech to text and back. */
    Audio audio();

    /** What the app says of itself, and what its users think of it. */
    App app();

    /** Answers written by people. */
    Annotations annotations();

    /** Who used the app. */
    EndUsers endUsers();

    /** What the server said it is in its last answer, such as {@code 1.16.0}; empty before the first. */
    Optional<String> serverVersion();

    /** Ends open streams and, where they are its own, connections and threads. Later calls fail. */
    @Override
    void close();
}
