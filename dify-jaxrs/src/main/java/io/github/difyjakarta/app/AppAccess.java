package io.github.difyjakarta.app;

import io.github.difyjakarta.relay.EventPolicy;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Who may use an app through the relay, and what they see and set. Immutable.
 *
 * @param rolesAllowed one of them is needed; empty for whoever is let in at all
 * @param events what everybody sees
 * @param roleEvents what who is in a role sees as well
 * @param inputs the names of the form fields that may be set; empty for all
 */
public record AppAccess(
        Set<String> rolesAllowed,
        EventPolicy events,
        Map<String, EventPolicy> roleEvents,
        Optional<Set<String>> inputs) {
    /** For whoever is let in, without what is behind the answer. */
    public static final AppAccess DEFAULTS = new AppAccess(Set.of(), EventPolicy.DEFAULT, Map.of(), Optional.empty());

    /** Copies the collections. */
    public AppAccess {
        rolesAllowed = Set.copyOf(rolesAllowed);
        roleEvents = Map.copyOf(roleEvents);
        inputs = inputs.map(Set::copyOf);
    }

    /** All roles that anything here depends on. */
    public Set<String> roles() {
        Set<String> roles = new TreeSet<>(rolesAllowed);
        roles.addAll(roleEvents.keySet());
        return roles;
    }

    /** Whether a caller may use the app. */
    public boolean admits(Predicate<String> isInRole) {
        return rolesAllowed.isEmpty() || rolesAllowed.stream().anyMatch(isInRole);
    }

    /** What a caller sees: all that any of their roles allows. */
    public EventPolicy eventsFor(Predicate<String> isInRole) {
        return roleEvents.entrySet().stream()
                .filter(role -> isInRole.test(role.getKey()))
                .map(Map.Entry::getValue)
                .reduce(events, EventPolicy::or);
    }

    /** Whether these form fields may be set. */
    public boolean takes(Set<String> names) {
        return inputs.map(allowed -> allowed.containsAll(names)).orElse(true);
    }
}
