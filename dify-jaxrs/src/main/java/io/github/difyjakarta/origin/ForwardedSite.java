package io.github.difyjakarta.origin;

import io.github.difyjakarta.quota.ClientAddress;
import java.util.Locale;
import java.util.Optional;

/**
 * How users see the site, as proxies tell it. Of lists the first item counts: the proxy nearest to the user has written it. A
 * page cannot forge it, since browsers send no such headers to other sites unasked.
 *
 * @param scheme of the URL in the browser
 * @param authority host and perhaps port of it
 * @param port where the authority has none
 */
record ForwardedSite(Optional<String> scheme, Optional<String> authority, Optional<String> port) {
    static ForwardedSite of(SiteRequest request, ClientAddress.Header header) {
        if (header == ClientAddress.Header.FORWARDED) {
            String first = first(request, "Forwarded").orElse("");
            return new ForwardedSite(pair(first, "proto"), pair(first, "host"), Optional.empty());
        }
        return new ForwardedSite(
                first(request, "X-Forwarded-Proto"),
                first(request, "X-Forwarded-Host"),
                first(request, "X-Forwarded-Port"));
    }

    private static Optional<String> first(SiteRequest request, String header) {
        return request.header(header)
                .map(lines -> lines.split(",", 2)[0].strip())
                .filter(item -> !item.isEmpty());
    }

    private static Optional<String> pair(String element, String name) {
        for (String pair : element.split(";", -1)) {
            String stripped = pair.strip();
            if (stripped.toLowerCase(Locale.ROOT).startsWith(name + "=")) {
                return Optional.of(
                        stripped.substring(name.length() + 1).replace("\"", "").strip());
            }
        }
        return Optional.empty();
    }

    /** What is not forwarded is as the server sees it. */
    Optional<WebOrigin> origin(String ownScheme, Optional<String> ownAuthority) {
        return authority.or(() -> ownAuthority).flatMap(host -> {
            boolean named = host.indexOf(':', host.lastIndexOf(']') + 1) >= 0;
            return WebOrigin.of(
                    scheme.orElse(ownScheme),
                    named ? host : host + port.map(number -> ":" + number).orElse(""));
        });
    }
}
