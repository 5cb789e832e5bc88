package io.github.difyjakarta.quota;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * From where a request comes, behind proxies that are trusted and told by nobody else. Of IPv6 the first 64 bits count: one
 * household has all that follow. Immutable.
 *
 * @param trusted whose word counts
 * @param header what they tell it by: {@code X-Forwarded-For}, or {@code Forwarded} (RFC 7239). Only one: a proxy that sets one
 *     passes the other on as the client has sent it
 */
public record ClientAddress(List<AddressRange> trusted, Header header) {

    /** The headers that proxies use. */
    public enum Header {
        /** A list of addresses. */
        X_FORWARDED_FOR,
        /** A list of {@code for=} and other pairs. */
        FORWARDED
    }

    /** Only the end of the header is read, which the nearest proxies have written. */
    private static final int LONGEST = 2048;

    private static final int MOST_HOPS = 32;

    /** Copies the list. */
    public ClientAddress {
        trusted = List.copyOf(trusted);
    }

    /** Who believes nobody: the address of the connection. */
    public static final ClientAddress DIRECT = new ClientAddress(List.of(), Header.X_FORWARDED_FOR);

    /** The name of the header that is read. */
    public String headerName() {
        return header == Header.FORWARDED ? "Forwarded" : "X-Forwarded-For";
    }

    /**
     * The address to count by.
     *
     * @param peer of the connection
     * @param lines of the header, in order; never throws, whatever they hold
     */
    public String of(String peer, List<String> lines) {
        Optional<InetAddress> address = AddressRange.literal(withoutZone(peer));
        if (address.isEmpty()) {
            return "unknown";
        }
        InetAddress last = address.get();
        if (!isTrusted(last) || lines.isEmpty()) {
            return network(last);
        }
        List<String> hops = hops(lines);
        for (int i = hops.size() - 1; i >= 0; i--) {
            Optional<InetAddress> hop = AddressRange.literal(withoutPort(hops.get(i)));
            if (hop.isEmpty()) {
                break; // what is left of something unreadable was not written by anybody we trust
            }
            last = hop.get();
            if (!isTrusted(last)) {
                break;
            }
        }
        return network(last);
    }

    /** Whether the peer of a connection is a proxy whose word counts. */
    public boolean trusts(String peer) {
        return AddressRange.literal(withoutZone(peer)).filter(this::isTrusted).isPresent();
    }

    private boolean isTrusted(InetAddress address) {
        return trusted.stream().anyMatch(range -> range.contains(address));
    }

    private List<String> hops(List<String> lines) {
        String all = String.join(",", lines);
        boolean cut = all.length() > LONGEST;
        String end = cut ? all.substring(all.length() - LONGEST) : all;
        List<String> parts = new ArrayList<>(Arrays.asList(end.split(",", -1)));
        if (cut) {
            parts.set(0, ""); // half an address is none
        }
        List<String> hops = new ArrayList<>();
        for (String part : parts.subList(Math.max(0, parts.size() - MOST_HOPS), parts.size())) {
            hops.add(header == Header.FORWARDED ? forwardedFor(part) : part.strip());
        }
        return hops;
    }

    private static String forwardedFor(String element) {
        for (String pair : element.split(";", -1)) {
            String stripped = pair.strip();
            if (stripped.toLowerCase(Locale.ROOT).startsWith("for=")) {
                return stripped.substring("for=".length()).replace("\"", "").strip();
            }
        }
        return "";
    }

    /** {@code [::1]:80}, {@code [::1]}, {@code 1.2.3.4:80} without what is not the address. */
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? "" : withoutZone(hop.substring(1, end));
        }
        int colon = hop.indexOf(':');
        boolean oneColon = colon >= 0 && colon == hop.lastIndexOf(':');
        return oneColon ? hop.substring(0, colon) : withoutZone(hop);
    }

    private static String withoutZone(String address) {
        String bare =
                address.startsWith("[") && address.endsWith("]") ? address.substring(1, address.length() - 1) : address;
        int zone = bare.indexOf('%');
        return zone < 0 ? bare : bare.substring(0, zone);
    }

    private static String network(InetAddress address) {
        return address instanceof Inet6Address
                ? HexFormat.ofDelimiter(":").formatHex(address.getAddress(), 0, 8) + "::/64"
                : address.getHostAddress();
    }
}
