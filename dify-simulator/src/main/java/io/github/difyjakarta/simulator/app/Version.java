package io.github.difyjakarta.simulator.app;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A release of Dify. Immutable. */
public record Version(int major, int minor, int patch) implements Comparable<Version> {

    /** The release that was recorded. */
    public static final Version RECORDED = new Version(1, 16, 0);

    private static final Version OLDEST = new Version(1, 0, 0);
    private static final Pattern TEXT = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
    private static final Comparator<Version> ORDER = Comparator.comparingInt(Version::major)
            .thenComparing(Version::minor)
            .thenComparing(Version::patch);

    /** Reads {@code 1.12.0}; refuses what is older than 1.0.0. */
    public static Version parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("version " + text + " is not like 1.16.0");
        }
        Version version = new Version(
                Integer.parseInt(matcher.group(1)),
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)));
        if (version.compareTo(OLDEST) < 0) {
            throw new IllegalArgumentException("version " + text + " is older than " + OLDEST);
        }
        return version;
    }

    /** Whether this is the given release or a later one. */
    boolean isFrom(int otherMajor, int otherMinor, int otherPatch) {
        return isFrom(new Version(otherMajor, otherMinor, otherPatch));
    }

    boolean isFrom(Version other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
