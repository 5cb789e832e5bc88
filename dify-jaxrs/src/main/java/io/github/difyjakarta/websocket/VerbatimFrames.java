package io.github.difyjakarta.websocket;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.relay.RelayError;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Dify's events as they are, one in each frame; errors of ours have their shape. */
final class VerbatimFrames implements AnswerFrames {
    private @Nullable String conversation;

    @Override
    public List<Outgoing> event(DifyFrame frame) {
        if (frame.name().equals("message_end")) {
            conversation = frame.conversationId().orElse(null);
        }
        return List.of(new Outgoing.Text(frame.json(), frame.size()));
    }

    @Override
    public List<Outgoing> end() {
        return List.of();
    }

    @Override
    public Optional<String> conversation() {
        return Optional.ofNullable(conversation);
    }

    @Override
    public Outgoing error(RelayError error) {
        return new Outgoing.Text(new String(error.toEvent(), UTF_8));
    }
}
