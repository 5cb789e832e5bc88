package io.github.difyjakarta.app;

import io.github.difyjakarta.origin.SiteRules;
import io.github.difyjakarta.origin.WebOrigin;
import io.github.difyjakarta.relay.EventPolicy;
import io.github.difyjakarta.servlet.Settings;
import io.github.difyjakarta.servlet.TrustedProxies;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Reads who may come in, and what they get to see. A name that is mistyped opens nothing. */
final class AccessSettings {
    private static final String ORIGINS = "dify.relay.allowed-origins";
    private static final List<String> NONE = List.of("none");

    private AccessSettings() {}

    /** A setting of one app, inherited as all are. */
    interface Reader {
        <T> Optional<T> read(String relative, Settings.Parser<T> parser);
    }

    static AppAccess app(Reader app) {
        Map<String, EventPolicy> roles = new LinkedHashMap<>();
        for (String role : app.read("relay.roles", Settings::list).orElse(List.of())) {
            app.read("relay.role." + role + ".events", AccessSettings::events)
                    .ifPresent(events -> roles.put(role, events));
        }
        return new AppAccess(
                Set.copyOf(app.read("relay.roles-allowed", Settings::list).orElse(List.of())),
                app.read("relay.events", AccessSettings::events).orElse(EventPolicy.DEFAULT),
                roles,
                app.read("relay.inputs", AccessSettings::inputs));
    }

    /** Of all apps: a browser knows the site, not the app. */
    static SiteRules sites(Function<String, Optional<String>> lookup, Settings.Problems problems) {
        Set<WebOrigin> allowed = new LinkedHashSet<>();
        for (String origin : problems.read(lookup, ORIGINS, List.<String>of(), Settings::list)) {
            WebOrigin.parse(origin)
                    .ifPresentOrElse(
                            allowed::add,
                            () -> problems.add(ORIGINS + " must be a comma list of origins such as"
                                    + " https://www.example.org, not \"" + origin + "\""));
        }
        return new SiteRules(
                allowed,
                problems.read(lookup, "dify.relay.allow-missing-origin", false, Settings::bool),
                TrustedProxies.from(lookup, problems));
    }

    private static EventPolicy events(String key, String value) {
        try {
            return EventPolicy.of(Settings.list(key, value));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + " " + e.getMessage(), e);
        }
    }

    private static Set<String> inputs(String key, String value) {
        List<String> names = Settings.list(key, value);
        return names.equals(NONE) ? Set.of() : Set.copyOf(names);
    }
}
