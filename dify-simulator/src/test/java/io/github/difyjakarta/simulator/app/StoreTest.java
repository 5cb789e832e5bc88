package io.github.difyjakarta.simulator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StoreTest {

    private final Store store = new Store();
    private final Instant start = Instant.ofEpochSecond(1_000_000);

    @Test
    void pagesConversationsByUserNewestFirst() {
        Conversation first = create("ann", 0);
        Conversation second = create("ann", 0);
        Conversation third = create("ann", 5);
        create("bob", 9);

        Store.Page<Conversation> page = store.conversations("ann", "", 2, "-updated_at");
        assertThat(page.rows()).containsExactly(third, second);
        assertThat(page.hasMore()).isTrue();
        page = store.conversations("ann", second.id(), 2, "-updated_at");
        assertThat(page.rows()).containsExactly(first);
        assertThat(page.hasMore()).isFalse();
    }

    @Test
    void movesAConversationToTheTopWhenItIsContinued() {
        Conversation first = create("ann", 0);
        Conversation second = create("ann", 5);
        store.ask(first, "again", Json.object(), start.plusSeconds(10));

        assertThat(store.conversations("ann", "", 20, "-updated_at").rows()).containsExactly(first, second);
        assertThat(store.conversations("ann", "", 20, "-created_at").rows()).containsExactly(second, first);
        assertThat(store.conversations("ann", "", 20, "created_at").rows()).containsExactly(first, second);
    }

    @Test
    void pagesMessagesBackwardsEachPageOldestFirst() {
        Conversation conversation = create("ann", 0);
        List<Message> turns = List.of(ask(conversation), ask(conversation), ask(conversation));

        Store.Page<Message> latest = Store.page(conversation, "", 2);
        assertThat(latest.rows()).containsExactly(turns.get(1), turns.get(2));
        assertThat(latest.hasMore()).isTrue();
        Store.Page<Message> before = Store.page(conversation, turns.get(1).id(), 2);
        assertThat(before.rows()).containsExactly(turns.get(0));
        assertThat(before.hasMore()).isFalse();
    }

    @Test
    void forgetsADeletedConversationWithItsMessages() {
        Conversation conversation = create("ann", 0);
        Message message = ask(conversation);
        assertThat(store.message(message.id(), "ann")).contains(message);
        assertThat(store.message(message.id(), "bob")).isEmpty();

        store.delete(conversation);

        assertThat(store.conversation(conversation.id(), "ann")).isEmpty();
        assertThat(store.message(message.id(), "ann")).isEmpty();
    }

    @Test
    void keepsTenThousandConversationsAndNotOneMore() {
        Conversation oldest = create("ann", 0);
        for (int i = 1; i < 10_000; i++) {
            create("ann", i);
        }
        assertThat(store.conversation(oldest.id(), "ann")).isPresent();
        Conversation newest = create("ann", 10_000);
        assertThat(store.conversation(oldest.id(), "ann")).isEmpty();
        assertThat(store.conversation(newest.id(), "ann")).isPresent();
    }

    private Conversation create(String user, long second) {
        return store.create(user, "name", Json.object(), "", start.plusSeconds(second));
    }

    private Message ask(Conversation conversation) {
        return store.ask(conversation, "q", Json.object(), start);
    }
}
