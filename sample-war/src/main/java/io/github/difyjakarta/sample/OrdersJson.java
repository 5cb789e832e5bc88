package io.github.difyjakarta.sample;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.PackageVersion;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * The orders for the spreadsheet people, written by the application's own old Jackson; {@code generator} tells which one it
 * really was.
 */
@WebServlet("/orders.json")
public final class OrdersJson extends HttpServlet {

    private static final long serialVersionUID = 1;
    /** Exact decimals: an amount keeps its cents, 2941.50 and not 2941.5. */
    static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    // Else its buffers hang on the server's threads, and by them our class loader.
                    .disable(JsonFactory.Feature.USE_THREAD_LOCAL_FOR_BUFFER_RECYCLING)
                    .build())
            .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));

    private static final OrderBook BOOK = new OrderBook();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType("application/json");
        JSON.writeValue(response.getOutputStream(), document());
    }

    static ObjectNode document() {
        ObjectNode document = JSON.createObjectNode();
        document.put("generator", PackageVersion.VERSION.getArtifactId() + " " + PackageVersion.VERSION);
        ArrayNode orders = document.putArray("orders");
        for (Order order : BOOK.orders()) {
            orders.add(facts(order));
        }
        return document;
    }

    /** {@return what is to be known of an order, as JSON: also what a question on its page is about} */
    static ObjectNode facts(Order order) {
        return JSON.createObjectNode()
                .put("number", order.number())
                .put("date", order.date().toString())
                .put("customer", order.customer().name())
                .put("status", order.status().label())
                .put("total", order.total());
    }

    /** {@return JSON as text, for a page; a node's own {@code toString} would leave buffers on the server's thread} */
    static String text(JsonNode node) throws JsonProcessingException {
        return JSON.writeValueAsString(node);
    }
}
