package io.github.difyjakarta.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.difyjakarta.client.call.Download;
import io.github.difyjakarta.origin.SiteRequest;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The head of an answer that is a file.
 *
 * @param mediaType what browsers may take it for
 * @param headers beside it
 */
record FileHead(String mediaType, Map<String, String> headers) {
    private static final String SOMETHING = "application/octet-stream";

    /** What is shown as it is; no markup among it, which could bring scripts. */
    private static final Set<String> SHOWN = Set.of("image/png", "image/jpeg", "image/gif", "image/webp", "text/plain");

    /** Of a file that somebody sent. */
    static FileHead ofPreview(Download<?> file) {
        String type = SiteRequest.bare(file.mediaType());
        boolean shown = file.fileName().isEmpty() && (SHOWN.contains(type) || isHeardOrSeen(type));
        Map<String, String> headers = new LinkedHashMap<>(Reply.HEADERS);
        headers.put("Content-Security-Policy", "default-src 'none'; sandbox");
        if (!shown) {
            String name = file.fileName()
                    .map(known -> "; filename*=UTF-8''" + encoded(known))
                    .orElse("");
            headers.put("Content-Disposition", "attachment" + name);
        }
        return new FileHead(shown ? file.mediaType() : SOMETHING, headers);
    }

    /** Of what a model says. */
    static FileHead ofSpeech(Download<?> speech) {
        boolean heard = SiteRequest.bare(speech.mediaType()).startsWith("audio/");
        return new FileHead(heard ? speech.mediaType() : SOMETHING, Reply.HEADERS);
    }

    private static boolean isHeardOrSeen(String type) {
        return type.matches("(audio|video)/[a-z0-9.+-]+");
    }

    /** RFC 8187. */
    private static String encoded(String name) {
        return URLEncoder.encode(name, UTF_8).replace("+", "%20").replace("*", "%2A");
    }
}
