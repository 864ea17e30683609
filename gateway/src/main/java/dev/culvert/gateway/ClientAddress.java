package dev.culvert.gateway;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a request comes from: the other end of the connection, or, where that is a trusted proxy, the last address in Forwarded (RFC 7239) or
 * X-Forwarded-For that is none. <em>Stateless.</em> Pure.
 */
final class ClientAddress {
    private ClientAddress() {}

    /** What a header says. */
    private record Named(boolean present, @Nullable InetAddress address) {
        private static final Named NOT = new Named(false, null);
    }

    /**
     * Null: it is not known, for the way was a local one or the proxy does not say.
     *
     * @throws Rejected the two headers differ: one of them may be the client's own
     */
    static @Nullable InetAddress of(HeaderRules.Origin origin, HttpHeaders headers, TrustedProxies proxies)
            throws Rejected {
        InetAddress peer = parse(origin.address());
        if (!origin.trusted()) {
            return peer;
        }
        Named forwarded = last(forwarded(headers.getAll("forwarded")), proxies);
        Named list = last(list(headers.getAll("x-forwarded-for")), proxies);
        if (forwarded.present() && list.present() && !forwarded.equals(list)) {
            throw new Rejected(new HttpFault(
                    HttpResponseStatus.FORBIDDEN,
                    "DENIED",
                    "Forwarded and X-Forwarded-For do not name the same client",
                    "",
                    "let the proxy in front set one of them and remove the other",
                    0));
        }
        return forwarded.present() ? forwarded.address() : list.present() ? list.address() : peer;
    }

    /** The proxy that is next to us has written the last one, and each trusted one the one before. */
    private static Named last(List<String> chain, TrustedProxies proxies) {
        Named client = Named.NOT;
        for (int i = chain.size() - 1; i >= 0; i--) {
            client = new Named(true, parse(chain.get(i)));
            if (client.address() == null || !proxies.contains(client.address())) {
                return client;
            }
        }
        return client;
    }

    private static List<String> list(List<String> values) {
        List<String> all = new ArrayList<>();
        values.forEach(value -> all.addAll(List.of(value.split(",", -1))));
        return all;
    }

    private static List<String> forwarded(List<String> values) {
        List<String> all = new ArrayList<>();
        for (String element : list(values)) {
            String named = "";
            for (String pair : element.split(";", -1)) {
                String lower = pair.strip().toLowerCase(Locale.ROOT);
                if (lower.startsWith("for=")) {
                    named = lower.substring(4).replace("\"", "");
                }
            }
            all.add(named);
        }
        return all;
    }

    /** With or without a port, an IPv6 address with or without brackets; null: none. */
    static @Nullable InetAddress parse(String text) {
        String plain = text.strip();
        int bracket = plain.indexOf(']');
        if (plain.startsWith("[") && bracket > 0) {
            plain = plain.substring(1, bracket);
        } else if (plain.indexOf(':') == plain.lastIndexOf(':') && plain.indexOf(':') > 0) {
            plain = plain.substring(0, plain.indexOf(':'));
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(plain);
        try {
            return bytes == null
                    ? null
                    : InetAddress.getByAddress(bytes); // an IPv4 address in IPv6's clothes as what it is
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** For limits: an IPv6 network of 64 bits is one household. */
    static String household(@Nullable InetAddress address) {
        if (address == null) {
            return "local";
        }
        byte[] bytes = address.getAddress();
        int counted = bytes.length == 16 ? 8 : 4;
        StringBuilder text = new StringBuilder(16);
        for (int i = 0; i < counted; i++) {
            text.append(HexFormat.of().toHexDigits(bytes[i]));
        }
        return text.toString();
    }

    /** For people. */
    static String text(@Nullable InetAddress address) {
        return address == null ? "an address that is not known" : NetUtil.toAddressString(address);
    }
}
