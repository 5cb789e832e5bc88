package io.github.difyjakarta.rest;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Addresses that somebody in our network may be asked to fetch: none that leads back into it, however it is spelt. Looks at
 * the spelling only and never asks a name server, whose answer could be another one a moment later; where a name leads is
 * up to the proxy that Dify fetches through.
 */
final class PublicAddress {
    /** The longest address; longer ones have no good reason. */
    private static final int LONGEST = 2048;

    private static final Set<String> PRIVATE_TOPS = Set.of(
            "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private", "arpa");

    private PublicAddress() {}

    /** The address, if it is one of http or https on a host that may be public. */
    static Optional<URI> of(String text) {
        if (text.length() > LONGEST) {
            return Optional.empty();
        }
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
        String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
        boolean web = scheme.equals("http") || scheme.equals("https");
        // A host that Java does not understand, or a user before it, is read in another way elsewhere.
        if (!web || uri.getHost() == null || uri.getRawUserInfo() != null || !isPublic(uri.getHost())) {
            return Optional.empty();
        }
        return Optional.of(uri);
    }

    private static boolean isPublic(String host) {
        if (host.startsWith("[")) {
            return isPublic(literal(host));
        }
        String name = host.toLowerCase(Locale.ROOT);
        String bare = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        String[] labels = bare.split("\\.", -1);
        String top = labels[labels.length - 1];
        if (top.isEmpty() || Character.isDigit(top.charAt(0))) {
            // A number at the end makes all of it a number (WHATWG URL, "ends in a number").
            return isPublic(number(labels));
        }
        return labels.length > 1 && !PRIVATE_TOPS.contains(top);
    }

    private static @Nullable InetAddress literal(String bracketed) {
        try {
            return bracketed.contains("%") ? null : InetAddress.getByName(bracketed);
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** An IPv4 address of one to four numbers, decimal, octal or hexadecimal, of which the last one fills what is left. */
    private static @Nullable InetAddress number(String[] labels) {
        if (labels.length > 4) {
            return null;
        }
        long address = 0;
        try {
            for (int i = 0; i < labels.length; i++) {
                long part = part(labels[i]);
                int bytes = i == labels.length - 1 ? 4 - i : 1;
                if (part < 0 || part >= (1L << (8 * bytes))) {
                    return null;
                }
                address = (address << (8 * bytes)) | part;
            }
            return InetAddress.getByAddress(
                    new byte[] {(byte) (address >> 24), (byte) (address >> 16), (byte) (address >> 8), (byte) address});
        } catch (NumberFormatException | UnknownHostException e) {
            return null;
        }
    }

    private static long part(String text) {
        if (text.startsWith("0x")) {
            return text.length() == 2 ? 0 : Long.parseLong(text.substring(2), 16);
        }
        boolean octal = text.length() > 1 && text.startsWith("0");
        return Long.parseLong(text, octal ? 8 : 10);
    }

    private static boolean isPublic(@Nullable InetAddress address) {
        if (address == null
                || address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes) : address instanceof Inet6Address && isPublic6(bytes);
    }

    /** Beside what Java knows: RFC 6890 and what became of it. */
    private static boolean isPublic4(byte[] bytes) {
        int first = bytes[0] & 0xff;
        int second = bytes[1] & 0xff;
        boolean shared = first == 100 && second >= 64 && second < 128;
        boolean protocols = first == 192 && second == 0 && bytes[2] == 0;
        boolean benchmarks = first == 198 && (second == 18 || second == 19);
        return first != 0 && first < 240 && !shared && !protocols && !benchmarks;
    }

    /** The global unicast addresses alone; those that carry one of IPv4 (6to4) or hide it (Teredo) are no way round. */
    private static boolean isPublic6(byte[] bytes) {
        boolean global = (bytes[0] & 0xe0) == 0x20;
        boolean sixToFour = bytes[0] == 0x20 && bytes[1] == 0x02;
        boolean teredo = Arrays.equals(Arrays.copyOf(bytes, 4), new byte[] {0x20, 0x01, 0, 0});
        return global && !sixToFour && !teredo;
    }
}
