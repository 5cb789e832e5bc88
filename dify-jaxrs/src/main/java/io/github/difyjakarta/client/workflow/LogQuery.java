package io.github.difyjakarta.client.workflow;

import io.github.difyjakarta.client.call.Request;
import io.github.difyjakarta.client.call.Require;
import io.github.difyjakarta.client.event.WorkflowStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * Which runs are wanted. Immutable.
 *
 * @param keyword in inputs or outputs
 * @param status {@code succeeded}, {@code failed} or {@code stopped}; Dify knows no others here
 * @param before runs begun before, since Dify 1.0.1
 * @param after runs begun after, since Dify 1.0.1
 * @param user of the requests, since Dify 1.5.0
 * @param accountEmail of a member of the workspace; an unknown one is refused
 */
public record LogQuery(
        Optional<String> keyword,
        Optional<WorkflowStatus> status,
        Optional<Instant> before,
        Optional<Instant> after,
        Optional<String> user,
        Optional<String> accountEmail) {
    /** All runs. */
    public static final LogQuery ALL = new LogQuery(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    private static final Set<WorkflowStatus> KNOWN =
            Set.of(WorkflowStatus.SUCCEEDED, WorkflowStatus.FAILED, WorkflowStatus.STOPPED);

    /**
     * @throws IllegalArgumentException for a status that Dify does not take
     */
    public LogQuery {
        status.ifPresent(wanted -> Require.check(
                KNOWN.contains(wanted), "status must be succeeded, failed or stopped, not " + wanted.name()));
    }

    /** With a word in inputs or outputs. */
    public LogQuery keyword(String word) {
        return new LogQuery(Optional.of(word), status, before, after, user, accountEmail);
    }

    /** That ended so. */
    public LogQuery status(WorkflowStatus wanted) {
        return new LogQuery(keyword, Optional.of(wanted), before, after, user, accountEmail);
    }

    /** That were begun before. */
    public LogQuery before(Instant time) {
        return new LogQuery(keyword, status, Optional.of(time), after, user, accountEmail);
    }

    /** That were begun after. */
    public LogQuery after(Instant time) {
        return new LogQuery(keyword, status, before, Optional.of(time), user, accountEmail);
    }

    /** Of a user of the API. */
    public LogQuery ofUser(String name) {
        return new LogQuery(keyword, status, before, after, Optional.of(name), accountEmail);
    }

    /** Of a member of the workspace. */
    public LogQuery ofAccount(String email) {
        return new LogQuery(keyword, status, before, after, user, Optional.of(email));
    }

    /** The request for these; by the newest of its parts it needs a server that knows them. */
    Request on(Request request) {
        Request asked = request.query("keyword", keyword)
                .query("status", status.map(WorkflowStatus::name))
                .query("created_at__before", before)
                .query("created_at__after", after)
                .query("created_by_end_user_session_id", user)
                .query("created_by_account", accountEmail);
        if (user.isPresent()) {
            return asked.since("1.5.0", "created_by_end_user_session_id");
        }
        if (before.isPresent() || after.isPresent()) {
            return asked.since("1.0.1", "created_at__before or created_at__after");
        }
        return asked;
    }
}
