package io.github.difyjakarta.client.endpoints;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.difyjakarta.client.annotation.Annotation;
import io.github.difyjakarta.client.annotation.ReplyJob;
import io.github.difyjakarta.client.annotation.ReplySettings;
import io.github.difyjakarta.client.app.AppInfo;
import io.github.difyjakarta.client.app.EndUser;
import io.github.difyjakarta.client.app.Feedback;
import io.github.difyjakarta.client.app.Site;
import io.github.difyjakarta.client.audio.SpeechRequest;
import io.github.difyjakarta.client.call.DifyStream;
import io.github.difyjakarta.client.call.Download;
import io.github.difyjakarta.client.call.Page;
import io.github.difyjakarta.client.chat.ChatRequest;
import io.github.difyjakarta.client.config.AppMode;
import io.github.difyjakarta.client.conversation.Conversation;
import io.github.difyjakarta.client.conversation.ConversationOrder;
import io.github.difyjakarta.client.conversation.HistoryMessage;
import io.github.difyjakarta.client.conversation.Rating;
import io.github.difyjakarta.client.error.DifyApiException;
import io.github.difyjakarta.client.event.Answer;
import io.github.difyjakarta.client.event.DifyEvent;
import io.github.difyjakarta.client.event.Outcome;
import io.github.difyjakarta.client.file.InputFile;
import io.github.difyjakarta.client.file.Upload;
import io.github.difyjakarta.client.file.UploadedFile;
import io.github.difyjakarta.client.workflow.WorkflowRequest;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every endpoint that a chat app has, on every generation of Dify. */
class ChatEndpointsTest {
    /** The smallest picture there is: one transparent point. */
    private static final byte[] PNG = Base64.getDecoder()
            .decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    static Stream<Target> chats() {
        return Target.of(AppMode.CHAT);
    }

    private static ChatRequest question(Target.Visit at) {
        return ChatRequest.of(at.user(), "Where is order 4711?");
    }

    @ParameterizedTest
    @MethodSource("chats")
    void answersStreamedAsAWholeAndInOnePiece(Target target) throws Throwable {
        target.visit(at -> {
            StringBuilder pieces = new StringBuilder();
            try (DifyStream stream = at.dify().chat().stream(question(at))) {
                for (DifyEvent event : stream) {
                    if (event instanceof DifyEvent.Message message) {
                        pieces.append(message.answer());
                    }
                }
            }
            assertThat(pieces.toString()).isNotBlank();
            Answer whole = at.dify().chat().askAsync(question(at)).get();
            assertThat(whole.text()).isNotBlank();
            assertThat(whole.outcome()).isEqualTo(new Outcome.Completed());
            Answer unstreamed = at.dify().chat().askUnstreamed(question(at));
            assertThat(unstreamed.text()).isNotBlank();
            assertThat(unstreamed.conversationId()).isPresent();
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void stopsAnAnswer(Target target) throws Throwable {
        target.visit(at -> {
            try (DifyStream stream = at.dify().chat().stream(question(at))) {
                assertThat(stream.iterator().hasNext()).isTrue();
                stream.stop();
                assertThat(stream.outcome().toCompletableFuture().get())
                        .isInstanceOfAny(Outcome.Stopped.class, Outcome.Completed.class);
            }
            at.dify().chat().stop(at.user(), UUID.randomUUID().toString()); // Dify says yes to anything
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void listsPagesNamesAndDeletesConversations(Target target) throws Throwable {
        target.visit(at -> {
            String first = at.dify().chat().ask(question(at)).conversationId().orElseThrow();
            String second = at.dify().chat().ask(question(at)).conversationId().orElseThrow();
            assertThat(at.dify().conversations().all(at.user()).map(Conversation::id))
                    .containsExactlyInAnyOrder(first, second);
            Page<Conversation> page = at.dify().conversations().list(at.user(), 1);
            assertThat(page.items()).hasSize(1);
            assertThat(page.hasMore()).isTrue();
            assertThat(at.dify()
                            .conversations()
                            .listAsync(
                                    at.user(),
                                    ConversationOrder.LATEST_TOUCHED_FIRST,
                                    Optional.of(page.items().get(0).id()),
                                    1)
                            .get()
                            .items())
                    .hasSize(1);
            assertThat(at.dify()
                            .conversations()
                            .rename(at.user(), first, "Parcels")
                            .name())
                    .isEqualTo("Parcels");
            assertThat(at.dify()
                            .conversations()
                            .nameAutomatically(at.user(), first)
                            .name())
                    .isNotBlank();
            at.dify().conversations().delete(at.user(), first);
            assertThat(at.dify().conversations().all(at.user()).map(Conversation::id))
                    .containsExactly(second);
            assertNotFound(() -> at.dify().conversations().delete(at.user(), first));
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void keepsConversationsAndMessagesFromOthers(Target target) throws Throwable {
        target.visit(at -> {
            Answer answer = at.dify().chat().ask(question(at));
            String conversation = answer.conversationId().orElseThrow();
            String message = answer.messageId().orElseThrow();
            String other = at.user() + "-other";
            assertThat(at.dify().conversations().all(other)).isEmpty();
            assertNotFound(() -> at.dify().messages().history(other, conversation));
            assertNotFound(() -> at.dify().conversations().rename(other, conversation, "Mine"));
            assertNotFound(() -> at.dify().conversations().delete(other, conversation));
            assertNotFound(() -> at.dify().messages().rate(other, message, Rating.LIKE));
            assertNotFound(() -> at.dify().messages().suggested(other, message));
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void tellsTheHistoryFromBothEnds(Target target) throws Throwable {
        target.visit(at -> {
            String conversation =
                    at.dify().chat().ask(question(at)).conversationId().orElseThrow();
            at.dify().chat().ask(ChatRequest.of(at.user(), "And order 4712?").inConversation(conversation));
            List<HistoryMessage> history = at.dify().messages().history(at.user(), conversation);
            assertThat(history).hasSize(2).allSatisfy(turn -> assertThat(turn.answer())
                    .isNotBlank());
            List<HistoryMessage> reversed =
                    at.dify().messages().newestFirst(at.user(), conversation).toList();
            assertThat(reversed.get(0).id()).isEqualTo(history.get(1).id());
            assertThat(at.dify().messages().list(at.user(), conversation, 1).hasMore())
                    .isTrue();
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void ratesListsAndTakesBack(Target target) throws Throwable {
        target.visit(at -> {
            Answer answer = at.dify().chat().ask(question(at));
            String message = answer.messageId().orElseThrow();
            at.dify().messages().rate(at.user(), message, Rating.DISLIKE, "It never came.");
            assertThat(only(at, answer).rating()).contains(Rating.DISLIKE);
            at.since("1.4.0", () -> {
                Feedback feedback = at.dify()
                        .app()
                        .feedbacks()
                        .filter(one -> one.messageId().equals(message))
                        .findFirst()
                        .orElseThrow();
                assertThat(feedback.content()).isEqualTo("It never came.");
                at.since("1.13.0", () -> {
                    EndUser who =
                            at.dify().endUsers().get(feedback.fromEndUserId().orElseThrow());
                    assertThat(who.sessionId()).isEqualTo(at.user());
                });
            });
            at.dify().messages().revokeRating(at.user(), message);
            assertThat(only(at, answer).rating()).isEmpty();
            at.dify().messages().revokeRating(at.user(), message); // nothing to take back, and that is all right
        });
    }

    private static HistoryMessage only(Target.Visit at, Answer answer) {
        return at.dify()
                .messages()
                .history(at.user(), answer.conversationId().orElseThrow())
                .get(0);
    }

    @ParameterizedTest
    @MethodSource("chats")
    void suggestsWhatToAskNext(Target target) throws Throwable {
        target.visit(at -> {
            Answer answer = at.dify().chat().ask(question(at));
            assertThat(at.dify()
                            .messages()
                            .suggested(at.user(), answer.messageId().orElseThrow()))
                    .isNotNull();
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void uploadsUsesAndShowsAFile(Target target) throws Throwable {
        target.visit(at -> {
            UploadedFile file = at.dify().files().upload(at.user(), Upload.of("point.png", PNG));
            assertThat(file.size()).isEqualTo(PNG.length);
            assertThat(file.extension()).isEqualTo("png");
            Answer answer = at.dify().chat().ask(question(at).withFile(InputFile.uploaded(InputFile.Type.IMAGE, file)));
            boolean kept = !only(at, answer).files().isEmpty();
            assertThat(kept || at.target().isLive()).isTrue(); // an app whose uploads are off drops it without a word
            if (kept) {
                at.since("1.7.2", () -> {
                    Download<byte[]> preview = at.dify().files().preview(file.id());
                    assertThat(preview.body()).isEqualTo(PNG);
                    assertThat(preview.mediaType()).startsWith("image/");
                });
            }
            assertThatThrownBy(() -> at.dify()
                            .chat()
                            .ask(ChatRequest.of(at.user() + "-other", "What is it?")
                                    .withFile(InputFile.uploaded(InputFile.Type.IMAGE, file))))
                    .satisfies(
                            failure -> assertThat(kept || at.target().isLive()).isTrue())
                    .isInstanceOf(DifyApiException.class);
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void saysAnAnswerAndHearsAQuestion(Target target) throws Throwable {
        assumeFalse(target.isLive(), "speech needs models that a real app need not have");
        target.visit(at -> {
            Answer answer = at.dify().chat().ask(question(at));
            Download<byte[]> speech = at.dify()
                    .audio()
                    .speak(SpeechRequest.ofMessage(at.user(), answer.messageId().orElseThrow()));
            assertThat(speech.body()).isNotEmpty();
            assertThat(at.dify().audio().transcribe(at.user(), Upload.of("question.mp3", speech.body())))
                    .isNotBlank();
            assertNotFound(() -> at.dify()
                    .audio()
                    .speak(SpeechRequest.ofMessage(at.user(), UUID.randomUUID().toString())));
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void tellsAboutTheApp(Target target) throws Throwable {
        target.visit(at -> {
            AppInfo info = at.dify().app().info();
            assertThat(info.name()).isNotBlank();
            assertThat(info.knownMode()).isIn(Optional.of(AppMode.CHAT), Optional.empty());
            assertThat(at.dify().app().parameters().limits().imageMegabytes()).isPositive();
            assertThat(at.dify().app().meta().toolIcons()).isNotNull();
            at.since("1.4.0", () -> {
                Site site = at.dify().app().site();
                assertThat(site.title()).isNotBlank();
            });
            assertThat(at.dify().serverVersion()).isPresent();
        });
    }

    @ParameterizedTest
    @MethodSource("chats")
    void keepsAnnotations(Target target) throws Throwable {
        target.visit(at -> at.since("1.2.0", () -> {
            String unique = "When are you open? " + UUID.randomUUID();
            Annotation made = at.dify().annotations().create(unique, "From nine to five.");
            try {
                assertThat(at.dify().annotations().search(unique).map(Annotation::id))
                        .containsExactly(made.id());
                assertThat(at.dify()
                                .annotations()
                                .update(made.id(), unique, "From nine to six.")
                                .answer())
                        .isEqualTo("From nine to six.");
            } finally {
                at.dify().annotations().delete(made.id());
            }
            assertThat(at.dify().annotations().search(unique)).isEmpty();
        }));
    }

    @ParameterizedTest
    @MethodSource("chats")
    void switchesRepliesByAnnotationOnAndOff(Target target) throws Throwable {
        assumeFalse(target.isLive(), "it would change how a real app answers");
        ReplySettings settings = new ReplySettings("openai", "text-embedding-3-small", 0.9);
        target.visit(at -> at.since("1.2.0", () -> {
            ReplyJob job = at.dify().annotations().enableReply(settings);
            while (!job.status().isOver()) {
                job = at.dify().annotations().status(job); // the simulator is a step further each time
            }
            assertThat(job.status()).isEqualTo(ReplyJob.Status.COMPLETED);
            at.dify().annotations().create("Where is order 4711?", "At the door.");
            assertThat(at.dify().chat().ask(question(at)).text()).isEqualTo("At the door.");
            assertThat(at.dify().annotations().disableReply(settings).enabling())
                    .isFalse();
            assertThat(at.dify().chat().ask(question(at)).text()).isNotEqualTo("At the door.");
        }));
    }

    @ParameterizedTest
    @MethodSource("chats")
    void refusesWhatIsNoChatInItsOwnWords(Target target) throws Throwable {
        target.visit(at -> {
            assertThatThrownBy(() -> at.dify().workflows().run(WorkflowRequest.of(at.user(), Map.of())))
                    .isInstanceOfSatisfying(DifyApiException.class, refused -> {
                        assertThat(refused.code()).isEqualTo("not_workflow_app");
                        assertThat(refused.reply().serverVersion()).isPresent();
                    });
        });
    }

    private static void assertNotFound(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DifyApiException.class, refused -> assertThat(refused.status())
                .isEqualTo(404));
    }
}
