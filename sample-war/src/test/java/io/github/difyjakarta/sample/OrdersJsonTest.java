package io.github.difyjakarta.sample;

import static org.assertj.core.api.Assertions.assertThat;

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
}
