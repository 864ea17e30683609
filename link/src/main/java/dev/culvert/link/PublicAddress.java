package dev.culvert.link;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.policy.HostPort;
import dev.culvert.policy.JoinString;
import dev.culvert.policy.JoinString.Transport;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where other machines reach a relay, and how, for join strings. <em>Immutable.</em> As text: {@code host:port}, or with {@code wss://} or
 * {@code tcp://} before it.
 *
 * @param portGiven false: the port is the usual one of the transport
 */
public record PublicAddress(Transport transport, String host, int port, boolean portGiven) {
    private static final Pattern PORT = Pattern.compile(".*[^:]:\\d+/?|.*]:\\d+/?");
    private static final List<String> WILDCARDS = List.of("0.0.0.0", "::", "0:0:0:0:0:0:0:0");

    /** @throws IllegalArgumentException one line that names the value and what is expected */
    public static PublicAddress parse(String text) {
        boolean portGiven = PORT.matcher(text).matches();
        Endpoint at;
        try {
            at = Endpoint.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("public " + e.getMessage(), e);
        }
        if (at instanceof Endpoint.Tls tls) {
            return new PublicAddress(Transport.TLS, tls.host(), tls.port(), portGiven);
        }
        if (at instanceof Endpoint.Tcp tcp) {
            return new PublicAddress(Transport.TCP, tcp.host(), tcp.port(), portGiven);
        }
        if (at instanceof Endpoint.WebSocket web && web.secure() && web.path().equals(Endpoint.WEBSOCKET_PATH)) {
            return new PublicAddress(Transport.WSS, web.host(), web.port(), portGiven);
        }
        throw new IllegalArgumentException("public address '" + text
                + "': expected host or host:port, as relay.example.com:7443, or wss://host:port or tcp://host:port");
    }

    /**
     * Where a relay listens: its ports with TLS, or those in clear if it has no others. Unix sockets and pipes are no public addresses.
     *
     * @param endpoints with the ports that the system chose
     */
    public static List<PublicAddress> of(List<Endpoint> endpoints) {
        List<PublicAddress> encrypted = endpoints.stream()
                .filter(Endpoint.Tls.class::isInstance)
                .map(at -> parse(at.toString()))
                .toList();
        return !encrypted.isEmpty()
                ? encrypted
                : endpoints.stream()
                        .filter(Endpoint.Tcp.class::isInstance)
                        .map(at -> parse(at.toString()))
                        .toList();
    }

    /** Those of {@link #of} that name one address, not all of the machine's. */
    public static List<PublicAddress> reachable(List<Endpoint> endpoints) {
        return of(endpoints).stream().filter(at -> !at.isWildcard()).toList();
    }

    /**
     * The hosts that a relay's certificate names.
     *
     * @param announced what join strings say
     * @param endpoints where it listens
     */
    public static List<String> hostNames(List<PublicAddress> announced, List<Endpoint> endpoints) {
        Stream<String> known =
                Stream.concat(announced.stream(), reachable(endpoints).stream()).map(PublicAddress::host);
        return Stream.concat(Stream.of("localhost"), known).distinct().toList();
    }

    /**
     * How join strings with these addresses have it.
     *
     * @throws IllegalArgumentException if they are of several transports
     */
    public static Transport transport(List<PublicAddress> addresses) {
        List<Transport> transports =
                addresses.stream().map(PublicAddress::transport).distinct().toList();
        if (transports.size() > 1) {
            throw new IllegalArgumentException("public addresses " + addresses
                    + ": a join string has one transport (expected: all host:port, all wss:// or all tcp://);"
                    + " make a join string for each");
        }
        return transports.isEmpty() ? Transport.TLS : transports.get(0);
    }

    /** @param listening the port that is meant where none was given, but for WebSockets, whose port is 443 then */
    public PublicAddress orPort(int listening) {
        return portGiven || transport == Transport.WSS ? this : new PublicAddress(transport, host, listening, true);
    }

    public PublicAddress withHost(String newHost) {
        return new PublicAddress(transport, newHost, port, portGiven);
    }

    /** Whether it stands for all addresses of its machine. */
    public boolean isWildcard() {
        return WILDCARDS.contains(host);
    }

    /** As join strings carry it. */
    public JoinString.Relay relay(byte[] key) {
        return new JoinString.Relay(host, port, key);
    }

    @Override
    public String toString() {
        String prefix = switch (transport) {
            case TLS -> "";
            case WSS -> "wss://";
            case TCP -> "tcp://";
        };
        return prefix + HostPort.text(host, port);
    }
}
