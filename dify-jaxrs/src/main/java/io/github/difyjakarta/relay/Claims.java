package io.github.difyjakarta.relay;

import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.DifyFrame;
import io.github.difyjakarta.client.event.HumanInputEvent;
import io.github.difyjakarta.client.event.MalformedEventException;
import io.github.difyjakarta.client.event.WorkflowEvent;
import java.util.List;

/** What one stream shows its user, who has a right to it from then on. Confined to the stream's signals. */
final class Claims {
    private final Ownership ownership;
    private final String user;
    private boolean messageSeen;

    Claims(Ownership ownership, String user) {
        this.ownership = ownership;
        this.user = user;
    }

    void saw(DifyFrame frame) {
        if (!messageSeen && frame.messageId().isPresent()) {
            messageSeen = true;
            ownership.grant(user, Ownership.Kind.MESSAGE, frame.messageId().get());
        }
        switch (frame.name()) {
            case "human_input_required", "workflow_paused" -> sawPause(frame);
            default -> {
                // shows nothing that could be asked for later
            }
        }
    }

    private void sawPause(DifyFrame frame) {
        DifyEvent event;
        try {
            event = frame.toEvent();
        } catch (MalformedEventException e) {
            return; // nobody can fill in a form that cannot be read
        }
        if (event instanceof HumanInputEvent.Required required) {
            ownership.grant(user, List.of(required.form()));
        } else if (event instanceof WorkflowEvent.Paused paused) {
            ownership.grant(user, paused.forms());
        }
    }
}
