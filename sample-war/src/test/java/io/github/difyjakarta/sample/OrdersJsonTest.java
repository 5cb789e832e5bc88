package io.github.difyjakarta.sample;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

class OrdersJsonTest {

    @Test
    void isWrittenByTheApplicationsOwnOldJackson() {
        assertThat(OrdersJson.document().path("generator").asText()).isEqualTo("jackson-databind 2.12.7-1");
    }

    @Test
    void listsTheNewestOrderFirstWithItsTotal() {
        ObjectNode document = OrdersJson.document();

        assertThat(document.path("orders")).hasSize(8);
        assertThat(document.path("orders").path(0)).hasToString("""
                {"number":1048,"date":"2026-03-12","customer":"Northern Canteens","status":"Open","total":2941.50}""");
    }

    @Test
    void tellsAPageOfAnOrderInTheSameWords() throws Exception {
        Order order = new OrderBook().order(1044).orElseThrow();

        assertThat(OrdersJson.text(OrdersJson.facts(order))).isEqualTo("""
                {"number":1044,"date":"2026-03-03","customer":"Linden & Sons","status":"Shipped","total":1549.50}""");
    }

    @Test
    void leavesNoBuffersOnTheServersThreads() {
        JsonFactory factory = OrdersJson.JSON.getFactory();

        assertThat(factory._getBufferRecycler()).isNotSameAs(factory._getBufferRecycler());
    }
}
