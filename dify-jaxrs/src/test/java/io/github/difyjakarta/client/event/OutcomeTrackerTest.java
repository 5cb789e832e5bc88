package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What the golden transcripts do not show of ends. */
class OutcomeTrackerTest {
    private final OutcomeTracker tracker = new OutcomeTracker();

    @Test
    void waitsForBothEndsOfAChatflowThatItJoinedLate() {
        accept("{'event':'workflow_started','task_id':'t','workflow_run_id':'r','data':{},'conversation_id':'c'}");
        accept("{'event':'message_end','conversation_id':'c','message_id':'m','task_id':'t'}");
        assertThat(tracker.isFinal()).isFalse();
        accept("{'event':'workflow_finished','conversation_id':'c','task_id':'t','workflow_run_id':'r',"
                + "'data':{'status':'succeeded'}}");
        assertThat(tracker.isFinal()).isTrue();
        assertThat(tracker.atEnd()).isEqualTo(new Outcome.Completed());
    }

    @Test
    void tellsAStopByItsStatusWhateverTheReasonSays() {
        accept("{'event':'workflow_finished','task_id':'t','workflow_run_id':'r',"
                + "'data':{'status':'stopped','error':'Aborted: App execution exceeded 1200 seconds'}}");
        assertThat(tracker.atEnd()).isEqualTo(new Outcome.Stopped());
    }

    @Test
    void givesTheFormsOfAPause() {
        Transcripts.golden("chatflow_paused.sse").forEach(event -> tracker.accept(event.frame()));
        assertThat(tracker.atEnd()).isInstanceOfSatisfying(Outcome.Paused.class, paused -> {
            assertThat(paused.forms()).hasSize(1);
            assertThat(paused.reasons()).hasSize(1);
        });
    }

    private void accept(String json) {
        tracker.accept(DifyFrame.of(json.replace('\'', '"').getBytes(UTF_8)));
    }
}
