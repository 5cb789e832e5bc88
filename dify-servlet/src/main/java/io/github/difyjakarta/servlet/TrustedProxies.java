package io.github.difyjakarta.servlet;

import io.github.difyjakarta.quota.AddressRange;
import io.github.difyjakarta.quota.ClientAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The proxies whose word about a request counts: {@code dify.quota.trusted-proxies} and {@code .forwarded-header}. */
public final class TrustedProxies {

    private TrustedProxies() {}

    /** Reads both; what is wrong is added to the problems, and nobody is trusted then. */
    public static ClientAddress from(Function<String, Optional<String>> lookup, Settings.Problems problems) {
        return new ClientAddress(
                problems.read(lookup, QuotaSettings.PREFIX + "trusted-proxies", List.of(), TrustedProxies::ranges),
                problems.read(
                        lookup,
                        QuotaSettings.PREFIX + "forwarded-header",
                        ClientAddress.Header.X_FORWARDED_FOR,
                        Settings.oneOf(ClientAddress.Header.class)));
    }

    private static List<AddressRange> ranges(String key, String value) {
        try {
            return Settings.list(key, value).stream().map(AddressRange::parse).toList();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
        }
    }
}
