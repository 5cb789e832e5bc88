package io.github.difyjakarta.quota;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * All limits, and how callers are told apart. Immutable.
 *
 * @param user of each caller who is logged in
 * @param anonymous of each address from which somebody asks who is not
 * @param global of all callers together
 * @param roles of each caller who has the role, in place of {@code user}; the first role in this order that a caller has counts
 * @param apps of all callers of a Dify app together, by its name
 * @param caseSensitiveNames whether {@code Ann} and {@code ann} are two; false by default, since most realms log in both as one
 * @param maxCallers how many users, and how many addresses, are remembered at most; 1 or more
 * @param tokenReservation how many tokens an answer is expected to cost, until it is known; from 1 to {@link Limits#MOST}
 */
public record QuotaConfig(
        Limits user,
        Limits anonymous,
        Limits global,
        Map<String, Limits> roles,
        Map<String, Limits> apps,
        boolean caseSensitiveNames,
        int maxCallers,
        long tokenReservation) {

    /** 20 requests a minute and 3 streams of a user, 5 and 1 of an address, 600 requests a minute of all; no token limit. */
    public static final QuotaConfig DEFAULTS = new QuotaConfig(
            Limits.NONE.withRequestsPerMinute(20).withStreams(3),
            Limits.NONE.withRequestsPerMinute(5).withStreams(1),
            Limits.NONE.withRequestsPerMinute(600),
            Map.of(),
            Map.of(),
            false,
            100_000,
            1_000);

    /** Checks the ranges and copies the maps. */
    public QuotaConfig {
        roles = Collections.unmodifiableMap(new LinkedHashMap<>(roles));
        apps = Map.copyOf(apps);
        if (maxCallers < 1) {
            throw new IllegalArgumentException("maxCallers must be 1 or more, not " + maxCallers);
        }
        if (tokenReservation < 1 || tokenReservation > Limits.MOST) {
            throw new IllegalArgumentException(
                    "tokenReservation must be from 1 to " + Limits.MOST + ", not " + tokenReservation);
        }
    }

    /** The same with other limits of a user. */
    public QuotaConfig withUser(Limits limits) {
        return new QuotaConfig(
                limits, anonymous, global, roles, apps, caseSensitiveNames, maxCallers, tokenReservation);
    }

    /** The same with other limits of an address. */
    public QuotaConfig withAnonymous(Limits limits) {
        return new QuotaConfig(user, limits, global, roles, apps, caseSensitiveNames, maxCallers, tokenReservation);
    }

    /** The same with other limits of all callers together. */
    public QuotaConfig withGlobal(Limits limits) {
        return new QuotaConfig(user, anonymous, limits, roles, apps, caseSensitiveNames, maxCallers, tokenReservation);
    }

    /** The same with limits of these roles. */
    public QuotaConfig withRoles(Map<String, Limits> limits) {
        return new QuotaConfig(user, anonymous, global, limits, apps, caseSensitiveNames, maxCallers, tokenReservation);
    }

    /** The same with limits of these apps. */
    public QuotaConfig withApps(Map<String, Limits> limits) {
        return new QuotaConfig(
                user, anonymous, global, roles, limits, caseSensitiveNames, maxCallers, tokenReservation);
    }

    /** The same with names of users that differ by case, or do not. */
    public QuotaConfig withCaseSensitiveNames(boolean sensitive) {
        return new QuotaConfig(user, anonymous, global, roles, apps, sensitive, maxCallers, tokenReservation);
    }

    /** The same with another number of callers that are remembered. */
    public QuotaConfig withMaxCallers(int callers) {
        return new QuotaConfig(user, anonymous, global, roles, apps, caseSensitiveNames, callers, tokenReservation);
    }

    /** The same with another reservation for an answer. */
    public QuotaConfig withTokenReservation(long tokens) {
        return new QuotaConfig(user, anonymous, global, roles, apps, caseSensitiveNames, maxCallers, tokens);
    }
}
