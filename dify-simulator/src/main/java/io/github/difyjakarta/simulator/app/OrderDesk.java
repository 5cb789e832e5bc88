package io.github.difyjakarta.simulator.app;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Writes the answers: the clerk of an order desk who knows orders, deliveries and returns, and remembers what was asked
 * before. Pure: the same conversation gets the same answers.
 */
final class OrderDesk {

    static final String INTRODUCTION = "Hello, this is the order desk. Ask me about orders, deliveries and returns.";
    static final List<String> SUGGESTED =
            List.of("Where is my order 4711?", "How do I return an item?", "When will you deliver?");

    private static final Pattern ORDER = Pattern.compile("\\b(?:[A-Za-z]{1,3}-?)?\\d{3,}\\b");
    private static final List<String> CARRIERS = List.of("Köhler & Søn", "Café Post", "Łódź Express", "Brüggemann");
    private static final List<String> DAYS = List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday");

    private OrderDesk() {}

    /** What the clerk says; earlier is what the user asked before in this conversation, oldest first. */
    static String answer(String query, List<String> earlier) {
        List<String> sentences = new ArrayList<>();
        String asked = quoted(query, 80);
        if (earlier.isEmpty()) {
            sentences.add("Thank you for your question " + asked + ".");
        } else {
            sentences.add("You asked " + asked + ", and I remember that before this you wanted to know "
                    + quoted(earlier.get(earlier.size() - 1), 60) + ".");
        }
        sentences.addAll(about(query, order(query, earlier)));
        sentences.add(
                earlier.isEmpty()
                        ? "Is there anything else I can look up for you?"
                        : "This was question number " + (earlier.size() + 1)
                                + " in our conversation – just go on if you need more.");
        return String.join(" ", sentences);
    }

    /** The words of a text, each with the blank behind it: joined they are the text again. */
    static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        Matcher word = Pattern.compile("\\S+\\s*").matcher(text);
        while (word.find()) {
            words.add(word.group());
        }
        return words;
    }

    /** What a conversation is called once it has been named. */
    static String title(String query) {
        List<String> words = words(query.strip());
        String title =
                String.join("", words.subList(0, Math.min(6, words.size()))).strip();
        return title.isEmpty() ? "New conversation" : title;
    }

    /** An order number of this question, or else the last one mentioned before. */
    private static String order(String query, List<String> earlier) {
        List<String> newestFirst = new ArrayList<>(earlier);
        newestFirst.add(query);
        for (int i = newestFirst.size() - 1; i >= 0; i--) {
            Matcher number = ORDER.matcher(newestFirst.get(i));
            if (number.find()) {
                return number.group();
            }
        }
        return "";
    }

    private static List<String> about(String query, String order) {
        String text = query.toLowerCase(Locale.ROOT);
        int choice = Math.floorMod((query + order).hashCode(), 20);
        String day = DAYS.get(choice % DAYS.size());
        String carrier = CARRIERS.get(choice % CARRIERS.size());
        String which = order.isEmpty() ? "Your latest order" : "Order " + order;
        if (contains(text, "return", "refund", "money back", "broken", "wrong")) {
            return List.of(
                    which + " can be sent back within 30 days, and the label is free of charge.",
                    "As soon as the parcel is with us the refund of " + (19 + choice)
                            + ",90 € goes back the way you paid.",
                    "Please pack it well, since " + carrier + " collects it on " + day + ".");
        }
        if (contains(text, "deliver", "ship", "arrive", "where", "when", "track")) {
            return List.of(
                    which + " left our warehouse yesterday evening and is on its way with " + carrier + ".",
                    "It should arrive on " + day + " between 9 and 12 o’clock.",
                    "You will get a message when the driver is about " + (10 + choice) + " stops away.");
        }
        if (contains(text, "cancel", "change", "address")) {
            return List.of(
                    which + " is still being packed, so it can be changed until " + day + " at noon.",
                    "Tell me the new address or the item to leave out, and I pass it on to the warehouse.");
        }
        if (contains(text, "order", "price", "cost", "invoice", "pay") || !order.isEmpty()) {
            return List.of(
                    which + " holds " + (2 + choice % 4) + " items and comes to " + (40 + choice)
                            + ",50 € including tax.",
                    "It was paid on " + day + ", and the invoice is in your mailbox.",
                    "The warehouse in Århus has everything in stock – nothing is missing.");
        }
        return List.of(
                "At this desk I look after orders, deliveries and returns, so I may not know everything about that.",
                "If you give me an order number, such as 4711, I can tell you where the parcel is.",
                "Our colleagues at the café next door say “good things take time”, and so do our parcels.");
    }

    private static boolean contains(String text, String... words) {
        for (String word : words) {
            if (text.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static String quoted(String text, int max) {
        String line = text.strip().replaceAll("\\s+", " ");
        if (line.codePointCount(0, line.length()) > max) {
            line = line.substring(0, line.offsetByCodePoints(0, max)).strip() + "…";
        }
        return "“" + line + "”";
    }
}
