package io.github.difyjakarta.client.call;

import java.util.regex.Pattern;

/**
 * Checks of arguments before anything is sent, where Dify's answer would be confusing: a page of HTML for an id that is no
 * UUID, another user's empty list for a name that is blank. All throw {@link IllegalArgumentException}, naming the argument.
 */
public final class Require {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private Require() {}

    /** Returns the id, a UUID in its usual form. */
    public static String uuid(String name, String id) {
        check(UUID.matcher(id).matches(), name + " must be a UUID");
        return id;
    }

    /** Returns the text, in which there is something. */
    public static String text(String name, String text) {
        check(!text.isBlank(), name + " must not be blank");
        return text;
    }

    /** Returns the number, which is in a range. */
    public static int range(String name, int value, int least, int most) {
        check(value >= least && value <= most, name + " must be " + least + " to " + most + ", not " + value);
        return value;
    }

    /** Returns the size of a page, which is 1 to 100. */
    public static int limit(int limit) {
        return range("limit", limit, 1, Paging.LARGEST_PAGE);
    }

    /**
     * @throws IllegalArgumentException with the message, where the condition does not hold
     */
    public static void check(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
