package io.github.difyjakarta.sample;

import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;

/** The pages of the order desk: puts the data where its JSP finds it. */
@WebServlet({"/orders", "/order", "/customers"})
public final class OrderPages extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final OrderBook BOOK = new OrderBook();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        switch (request.getServletPath()) {
            case "/order" -> {
                Optional<Order> order = orderNumber(request).flatMap(BOOK::order);
                if (order.isEmpty()) {
                    response.sendError(HttpServletResponse.SC_NOT_FOUND);
                    return;
                }
                request.setAttribute("order", order.get());
                request.setAttribute("facts", OrdersJson.text(OrdersJson.facts(order.get())));
                show("order", request, response);
            }
            case "/customers" -> {
                request.setAttribute("customers", BOOK.customers());
                show("customers", request, response);
            }
            default -> {
                request.setAttribute("orders", BOOK.orders());
                show("orders", request, response);
            }
        }
    }

    private static Optional<Integer> orderNumber(HttpServletRequest request) {
        return Optional.ofNullable(request.getParameter("number"))
                .filter(number -> number.matches("\\d{1,9}"))
                .map(Integer::valueOf);
    }

    private static void show(String page, HttpServletRequest request, HttpServletResponse response)
            throws ServletException, IOException {
        request.getRequestDispatcher("/WEB-INF/jsp/" + page + ".jsp").forward(request, response);
    }
}
