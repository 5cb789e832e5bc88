package io.github.difyjakarta.quota;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Addresses with the same first bits, such as {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single {@code 127.0.0.1}. Immutable.
 *
 * @param network the first of them
 * @param bits how many are the same, from 0 to all of them
 */
public record AddressRange(InetAddress network, int bits) {

    private static final Pattern V4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    private static final Pattern V6 = Pattern.compile("[0-9a-fA-F:.]{2,45}");

    /** Checks the number of bits. */
    public AddressRange {
        int most = network.getAddress().length * 8;
        if (bits < 0 || bits > most) {
            throw new IllegalArgumentException("bits must be from 0 to " + most + ", not " + bits);
        }
    }

    /**
     * Parses a range.
     *
     * @throws IllegalArgumentException if the text is none; names are not looked up
     */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        Optional<InetAddress> address = literal(slash < 0 ? text : text.substring(0, slash));
        if (address.isPresent()) {
            int most = address.get().getAddress().length * 8;
            String bits = slash < 0 ? Integer.toString(most) : text.substring(slash + 1);
            if (bits.matches("\\d{1,3}") && Integer.parseInt(bits) <= most) {
                return new AddressRange(address.get(), Integer.parseInt(bits));
            }
        }
        throw new IllegalArgumentException("not an address or a range such as 10.0.0.0/8: \"" + text + "\"");
    }

    /** Whether an address is one of these. */
    public boolean contains(InetAddress address) {
        byte[] mine = network.getAddress();
        byte[] other = address.getAddress();
        if (mine.length != other.length) {
            return false;
        }
        for (int i = 0; i < bits; i++) {
            int mask = 0x80 >> (i % 8);
            if ((mine[i / 8] & mask) != (other[i / 8] & mask)) {
                return false;
            }
        }
        return true;
    }

    /** An address written in numbers, IPv4 inside IPv6 as IPv4; empty for all else. Asks no name server. */
    static Optional<InetAddress> literal(String text) {
        try {
            if (V4.matcher(text).matches()) {
                byte[] bytes = new byte[4];
                String[] parts = text.split("\\.", -1);
                for (int i = 0; i < 4; i++) {
                    int part = Integer.parseInt(parts[i]);
                    if (part > 255) {
                        return Optional.empty();
                    }
                    bytes[i] = (byte) part;
                }
                return Optional.of(InetAddress.getByAddress(bytes));
            }
            // Whatever has a colon is taken as an address or refused by the JDK, never looked up.
            return text.indexOf(':') >= 0 && V6.matcher(text).matches()
                    ? Optional.of(InetAddress.getByName(text))
                    : Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.empty();
        }
    }
}
