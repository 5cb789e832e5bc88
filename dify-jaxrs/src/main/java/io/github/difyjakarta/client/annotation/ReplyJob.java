package io.github.difyjakarta.client.annotation;

import io.github.difyjakarta.client.json.DifyJson;

/**
 * A change of the reply settings on its way through Dify.
 *
 * @param id to ask after it
 * @param enabling whether replies are being switched on
 * @param status how far it is
 * @param error why it failed; may be empty
 * @param json all of it, as it came
 */
public record ReplyJob(String id, boolean enabling, Status status, String error, DifyJson json) {
    /**
     * How far a job is, by Dify's name for it; newer servers may have others.
     *
     * @param name such as {@code waiting}
     */
    public record Status(String name) {
        public static final Status WAITING = new Status("waiting");
        public static final Status PROCESSING = new Status("processing");
        public static final Status COMPLETED = new Status("completed");
        public static final Status ERROR = new Status("error");

        /** Whether nothing will change any more. */
        public boolean isOver() {
            return equals(COMPLETED) || equals(ERROR);
        }
    }

    static ReplyJob of(boolean enabling, DifyJson json) {
        return new ReplyJob(
                json.text("job_id"), enabling, new Status(json.text("job_status")), json.text("error_msg"), json);
    }
}
