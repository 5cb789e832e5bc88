package io.github.difyjakarta.client.event;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One test for each rule of what a stream amounts to. */
class AnswerCollectorTest {
    private static final String STARTED =
            "{'event':'workflow_started','workflow_run_id':'run','task_id':'task','data':{'id':'run','inputs':{}}}";

    @Test
    void joinsPiecesAndSurvivesEmptyOnes() {
        assertThat(text(
                        "{'event':'message','answer':'a '}",
                        "{'event':'message','answer':''}",
                        "{'event':'message'}",
                        "{'event':'message','answer':' b'}"))
                .isEqualTo("a  b");
    }

    @Test
    void takesAReplacementForAllThatCameBeforeAndGoesOnFromThere() {
        assertThat(text(
                        "{'event':'message','answer':'bad'}",
                        "{'event':'message_replace','answer':'good'}",
                        "{'event':'message','answer':' day'}"))
                .isEqualTo("good day");
    }

    @Test
    void takesTextThatOldServersCallAFileForText() {
        Answer answer = collect(
                "{'event':'message','answer':'a'}",
                "{'event':'message_file','id':'m','answer':'b'}",
                "{'event':'message_file','id':'f','type':'image','belongs_to':'assistant','url':'http://x/f.png'}");
        assertThat(answer.text()).isEqualTo("ab");
        assertThat(answer.messageFiles()).extracting(DifyEvent.MessageFile::id).containsExactly("f");
    }

    @Test
    void tellsWhenTheMessageWasBegun() {
        Answer answer = collect(
                "{'event':'message','message_id':'m','created_at':1700000000,'answer':'a'}",
                "{'event':'workflow_finished','workflow_run_id':'run','data':{'status':'failed','created_at':1}}");
        assertThat(answer.createdAt()).contains(Instant.ofEpochSecond(1_700_000_000));
        assertThat(collect(STARTED).createdAt()).isEmpty();
    }

    @Test
    void takesTheClosingMessageOfANewAgentForTheWholeText() {
        assertThat(text(
                        "{'event':'agent_message','answer':'Hel'}", "{'event':'agent_message','answer':'lo'}",
                        "{'event':'message','answer':'Hello'}", "{'event':'message','answer':''}"))
                .isEqualTo("Hello");
    }

    @Test
    void doesNotBringBackWhatModerationReplacedInAnAgentsAnswer() {
        assertThat(text(
                        "{'event':'agent_message','answer':'bad'}",
                        "{'event':'message_replace','answer':'good'}",
                        "{'event':'message','answer':'bad'}"))
                .isEqualTo("good");
    }

    @Test
    void keepsThoughtsInTheirOrderEachAsFullAsItBecame() {
        Answer answer = collect(
                "{'event':'agent_thought','id':'1','position':1,'thought':''}",
                "{'event':'agent_thought','id':'2','position':2,'thought':'second'}",
                "{'event':'agent_thought','id':'1','position':1,'tool':'clock','tool_input':'{}','thought':null}",
                "{'event':'agent_thought','id':'1','position':1,'tool':'','observation':'noon','message_files':['f']}");
        assertThat(answer.thoughts()).extracting(DifyEvent.AgentThought::id).containsExactly("1", "2");
        DifyEvent.AgentThought first = answer.thoughts().get(0);
        assertThat(first.tool()).isEqualTo("clock");
        assertThat(first.observation()).isEqualTo("noon");
        assertThat(first.messageFiles()).containsExactly("f");
    }

    @Test
    void decodesEachPieceOfSpeechByItself() {
        Answer answer = collect(
                "{'event':'tts_message','audio':'YQ=='}",
                "{'event':'tts_message','audio':'YmM='}",
                "{'event':'tts_message','audio':'!'}",
                "{'event':'tts_message_end','audio':''}");
        assertThat(answer.speech().bytes()).isEqualTo("abc".getBytes(UTF_8));
        assertThat(new String(
                        collect(Transcripts.recorded("chat-tts-autoplay"))
                                .speech()
                                .bytes(),
                        ISO_8859_1))
                .startsWith("ID3mockaudio");
    }

    @Test
    void takesBothEndsOfAChatflowInEitherOrder() {
        for (String file : List.of("chatflow_success_1_12.sse", "chatflow_success_1_13_plus.sse")) {
            Answer answer = collect(Transcripts.golden(file));
            assertThat(answer.usage().totalTokens()).as(file).isPositive();
            assertThat(answer.outputAnswer()).as(file).contains(answer.text());
            assertThat(answer.run().orElseThrow().status()).as(file).isEqualTo(WorkflowStatus.SUCCEEDED);
            assertThat(answer.workflowRunId()).as(file).isPresent();
        }
    }

    @Test
    void losesNoTextToAStreamThatJoinsARunAndKnowsNone() {
        assertThat(text(
                        STARTED,
                        "{'event':'message','answer':'so far'}",
                        STARTED,
                        "{'event':'message_replace','answer':'','reason':''}",
                        "{'event':'message','answer':' so good'}"))
                .isEqualTo("so far so good");
    }

    @Test
    void takesTheTextSoFarFromAStreamThatJoinsAPausedRun() {
        assertThat(text(
                        STARTED,
                        "{'event':'message','answer':'Let me'}",
                        STARTED,
                        "{'event':'message_replace','answer':'Let me ask. ','reason':''}",
                        "{'event':'message','answer':'Thanks'}"))
                .isEqualTo("Let me ask. Thanks");
    }

    @Test
    void erasesTheTextWhereModerationSaysSo() {
        assertThat(text("{'event':'message','answer':'bad'}", "{'event':'message_replace','answer':'','reason':''}"))
                .isEmpty();
        assertThat(text(
                        STARTED,
                        "{'event':'message','answer':'bad'}",
                        "{'event':'message_replace','answer':'','reason':'output_moderation'}"))
                .isEmpty();
    }

    @Test
    void keepsTheIdsThatAnEndMadeUpByDifyLacks() {
        Answer answer = collect(
                "{'event':'message','conversation_id':'c','message_id':'m','task_id':'task','answer':'a'}",
                "{'event':'workflow_finished','task_id':'run','workflow_run_id':'run','data':{'status':'failed'}}",
                "{'event':'workflow_finished','task_id':'run','workflow_run_id':'run','data':{'status':'failed'}}");
        assertThat(answer.conversationId()).contains("c");
        assertThat(answer.messageId()).contains("m");
        assertThat(answer.workflowRunId()).contains("run");
        assertThat(answer.taskId()).contains("task");
    }

    @Test
    void doesNotTakeTheIdOfTheRunForThatOfItsTask() {
        assertThat(collect(STARTED, "{'event':'workflow_finished','task_id':'run','workflow_run_id':'run','data':{}}")
                        .taskId())
                .contains("task");
    }

    @Test
    void ignoresTheFailureThatDifyMakesUpAfterAChatflowsAnswer() {
        List<DifyEvent> events = Transcripts.recorded("chatflow-annotation-hit");
        OutcomeTracker tracker = new OutcomeTracker();
        events.forEach(event -> tracker.accept(event.frame()));
        Answer answer = collect(events);
        assertThat(tracker.atEnd()).isEqualTo(new Outcome.Completed());
        assertThat(answer.text()).isNotEmpty();
        assertThat(answer.run()).isEmpty();
    }

    @Test
    void showsTheStreamedTextAndTheOutputsApart() {
        Answer answer = collect(Transcripts.recorded("chatflow-loop-answer"));
        assertThat(answer.outputAnswer().orElseThrow()).isNotEqualTo(answer.text());
        Answer moderated = collect(Transcripts.recorded("chatflow-moderation-output"));
        assertThat(moderated.text()).isEqualTo("Output withheld.");
        assertThat(moderated.outputAnswer().orElseThrow()).contains("badword");
    }

    @Test
    void groupsAWorkflowsTextByItsSources() {
        Answer answer = collect(
                STARTED,
                "{'event':'text_chunk','data':{'text':'a','from_variable_selector':['llm','text']}}",
                "{'event':'text_chunk','data':{'text':'\\n','from_variable_selector':['end','answer']}}",
                "{'event':'text_chunk','data':{'text':'q','from_variable_selector':['start','q']}}",
                "{'event':'text_chunk','data':{'text':'b','from_variable_selector':['llm','text']}}",
                "{'event':'text_chunk','data':{'text':'','from_variable_selector':null}}");
        assertThat(answer.text()).isEqualTo("a\nqb");
        assertThat(answer.parts())
                .startsWith(new TextPart(List.of("llm", "text"), "ab"), new TextPart(List.of("end", "answer"), "\n"));
    }

    @Test
    void losesNothingKnownToALaterNull() {
        Answer answer = collect(
                "{'event':'message_end','metadata':{'usage':{'total_tokens':7}},'files':[{'related_id':'f'}]}",
                "{'event':'message_end','metadata':{'usage':null,'annotation_reply':null},'files':null}",
                "{'event':'workflow_paused','workflow_run_id':'run','data':{'outputs':{'answer':'a'},'status':'paused'}}",
                "{'event':'workflow_finished','workflow_run_id':'run','data':{'outputs':null,'status':'failed',"
                        + "'created_by':{'user':'u'}}}");
        assertThat(answer.usage().totalTokens()).isEqualTo(7);
        assertThat(answer.files()).extracting(DifyFile::relatedId).containsExactly(Optional.of("f"));
        assertThat(answer.outputAnswer()).contains("a");
        assertThat(answer.run().orElseThrow().status()).isEqualTo(WorkflowStatus.FAILED);
    }

    @Test
    void learnsTheRunFromItsNodesWhereItJoinedAfterTheStart() {
        assertThat(collect("{'event':'node_started','workflow_run_id':'run','task_id':'t','data':{'id':'e'}}")
                        .workflowRunId())
                .contains("run");
    }

    @Test
    void mergesWhatIsToldOfANode() {
        String node = "'data':{'id':'e','node_id':'n','title':'Ask',";
        Answer answer = collectWithNodes(
                "{'event':'node_started','workflow_run_id':'run'," + node + "'inputs':{'q':1},'created_at':1}}",
                "{'event':'node_started','workflow_run_id':'run','data':{'id':'other','created_at':2}}",
                "{'event':'node_retry','workflow_run_id':'run'," + node
                        + "'inputs':null,'status':'retry','retry_index':1}}",
                "{'event':'node_finished','workflow_run_id':'run'," + node
                        + "'inputs':null,'outputs':{'a':2},'status':'succeeded','created_at':null}}");
        assertThat(answer.nodes()).extracting(NodeExecution::id).containsExactly("e", "other");
        NodeExecution first = answer.nodes().get(0);
        assertThat(first.status()).isEqualTo(NodeStatus.SUCCEEDED);
        assertThat(first.inputs().number("q")).isEqualTo(1);
        assertThat(first.outputs().number("a")).isEqualTo(2);
        assertThat(first.startedAt()).isPresent();
        assertThat(answer.nodes().get(1).status()).isEqualTo(NodeStatus.RUNNING);
    }

    @Test
    void keepsNodesOnlyWhereTheyAreAskedFor() {
        assertThat(collect(Transcripts.golden("workflow_full.sse")).nodes()).isEmpty();
        AnswerCollector collector = AnswerCollector.withNodes();
        Transcripts.golden("workflow_full.sse").forEach(collector::accept);
        assertThat(collector.answer(new Outcome.Completed()).nodes())
                .extracting(NodeExecution::nodeType)
                .contains("start", "iteration", "loop", "end");
    }

    @Test
    void tellsAnAnswerThatWasPerhapsCutShort() {
        assertThat(collect(Transcripts.recorded("chat-run-time-limit")).isPerhapsCutShort())
                .isTrue();
        assertThat(collect(Transcripts.recorded("chat-annotation-hit")).isPerhapsCutShort())
                .isFalse();
        assertThat(collect(Transcripts.recorded("chat-streaming-no-usage")).isPerhapsCutShort())
                .isFalse();
        assertThat(collect(Transcripts.golden("chat_basic.sse")).isPerhapsCutShort())
                .isFalse();
        AnswerCollector stopped = new AnswerCollector();
        Transcripts.recorded("chat-run-time-limit").forEach(stopped::accept);
        assertThat(stopped.answer(new Outcome.Stopped()).isPerhapsCutShort()).isFalse();
    }

    @Test
    void tellsAnAnnotationByItsOwn() {
        Answer answer = collect(Transcripts.recorded("chat-annotation-hit"));
        assertThat(answer.annotationReply().orElseThrow().accountName()).isEqualTo("Admin");
        assertThat(answer.usage().totalTokens()).isZero();
        assertThat(answer.text()).isNotEmpty();
    }

    @Test
    void collectsReasoningFromTheStreamWhereDifyGivesNoSummary() {
        Answer answer = collect(
                "{'event':'reasoning_chunk','data':{'reasoning':'I ','node_id':'llm','is_final':false}}",
                "{'event':'reasoning_chunk','data':{'reasoning':'think','node_id':'llm','is_final':false}}",
                "{'event':'reasoning_chunk','data':{'reasoning':'','node_id':'llm','is_final':true}}");
        assertThat(answer.reasoning()).containsEntry("llm", "I think").hasSize(1);
        assertThat(collect(Transcripts.recorded("chatflow-reasoning")).reasoning())
                .hasSize(1);
    }

    private static String text(String... events) {
        return collect(events).text();
    }

    private static Answer collect(String... events) {
        return collect(new AnswerCollector(), parse(events));
    }

    private static Answer collectWithNodes(String... events) {
        return collect(AnswerCollector.withNodes(), parse(events));
    }

    private static Answer collect(List<DifyEvent> events) {
        return collect(new AnswerCollector(), events);
    }

    private static Answer collect(AnswerCollector collector, List<DifyEvent> events) {
        events.forEach(collector::accept);
        return collector.answer(new Outcome.Completed());
    }

    private static List<DifyEvent> parse(String... events) {
        return List.of(events).stream()
                .map(json ->
                        DifyFrame.of(json.replace('\'', '"').getBytes(UTF_8)).toEvent())
                .toList();
    }
}
