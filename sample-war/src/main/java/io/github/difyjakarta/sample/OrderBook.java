package io.github.difyjakarta.sample;

import static io.github.difyjakarta.sample.Order.Status.ON_HOLD;
import static io.github.difyjakarta.sample.Order.Status.OPEN;
import static io.github.difyjakarta.sample.Order.Status.PAID;
import static io.github.difyjakarta.sample.Order.Status.SHIPPED;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** All customers and orders: invented, fixed and in memory. Immutable. */
final class OrderBook {

    private static final Customer HARBOUR = customer("C-104", "Harbour Tea Rooms", "Bremen", "M. Petersen", "12000");
    private static final Customer LINDEN = customer("C-117", "Linden & Sons", "Leeds", "R. Linden", "8000");
    private static final Customer MARCHETTI = customer("C-131", "Marchetti Caffè", "Trieste", "G. Marchetti", "20000");
    private static final Customer NORTHERN = customer("C-146", "Northern Canteens", "Aarhus", "L. Holm", "35000");
    private static final Customer OLDTOWN = customer("C-152", "Old Town Grocers", "Gdańsk", "A. Nowak", "5000");

    private static final OrderLine ASSAM = line("T-01", "Assam, second flush, 5 kg", 12, "61.50");
    private static final OrderLine DARJEELING = line("T-07", "Darjeeling, first flush, 2 kg", 6, "88.00");
    private static final OrderLine SENCHA = line("T-15", "Sencha, spring picking, 2 kg", 8, "54.20");
    private static final OrderLine ESPRESSO = line("K-02", "Espresso roast, 10 kg", 20, "96.00");
    private static final OrderLine FILTERS = line("Z-11", "Paper filters, box of 1000", 15, "18.90");
    private static final OrderLine POTS = line("Z-24", "Cast-iron teapot, 0.8 l", 4, "42.75");

    private final List<Customer> customers = List.of(HARBOUR, LINDEN, MARCHETTI, NORTHERN, OLDTOWN);
    private final List<Order> orders = List.of(
            new Order(1048, LocalDate.of(2026, 3, 12), NORTHERN, OPEN, List.of(ESPRESSO, FILTERS, ASSAM)),
            new Order(1047, LocalDate.of(2026, 3, 11), HARBOUR, OPEN, List.of(DARJEELING, SENCHA)),
            new Order(1046, LocalDate.of(2026, 3, 9), OLDTOWN, ON_HOLD, List.of(ASSAM, POTS)),
            new Order(1045, LocalDate.of(2026, 3, 5), MARCHETTI, SHIPPED, List.of(ESPRESSO)),
            new Order(1044, LocalDate.of(2026, 3, 3), LINDEN, SHIPPED, List.of(ASSAM, DARJEELING, FILTERS)),
            new Order(1043, LocalDate.of(2026, 2, 26), HARBOUR, PAID, List.of(SENCHA, POTS)),
            new Order(1042, LocalDate.of(2026, 2, 24), NORTHERN, PAID, List.of(ESPRESSO, FILTERS)),
            new Order(1041, LocalDate.of(2026, 2, 20), MARCHETTI, PAID, List.of(ESPRESSO, DARJEELING)));

    /** {@return all customers, by id} */
    List<Customer> customers() {
        return customers;
    }

    /** {@return all orders, newest first} */
    List<Order> orders() {
        return orders;
    }

    /** {@return the order of that number, if there is one} */
    Optional<Order> order(int number) {
        return orders.stream().filter(order -> order.number() == number).findFirst();
    }

    private static Customer customer(String id, String name, String city, String contact, String creditLimit) {
        return new Customer(id, name, city, contact, new BigDecimal(creditLimit));
    }

    private static OrderLine line(String article, String description, int quantity, String unitPrice) {
        return new OrderLine(article, description, quantity, new BigDecimal(unitPrice));
    }
}
