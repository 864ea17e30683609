package dev.culvert.cli;

import dev.culvert.link.PublicAddress;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.policy.HostPort;
import dev.culvert.policy.PortRange;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a relay takes links, and from whom. Owned by the main thread. */
final class ListenOptions {
    @Option(
            names = "--listen",
            paramLabel = "ENDPOINT",
            description = {
                "Where links are taken; may be repeated.",
                "host:port or tls://host:port, tcp://host:port (in clear) or unix:/path.",
                "TLS ports take WebSockets too. Default: 0.0.0.0:7443."
            })
    List<String> listen = new ArrayList<>();

    @Option(
            names = "--public-address",
            paramLabel = "HOST:PORT",
            description = {
                "What join strings say instead of the address listened on; may be repeated.",
                "wss://HOST:PORT where only HTTPS gets through, tcp://HOST:PORT for links in clear."
            })
    List<String> publicAddress = new ArrayList<>();

    @Option(
            names = "--public-host",
            paramLabel = "HOST",
            defaultValue = "0.0.0.0",
            description = "Address on which public ports are opened. Default: ${DEFAULT-VALUE}.")
    String publicHost = "";

    @Option(
            names = "--public-ports",
            paramLabel = "RANGE",
            defaultValue = "none",
            converter = PortRanges.class,
            description =
                    "Public ports that the printed join string may ask for, as 20000-20100. Default: ${DEFAULT-VALUE}.")
    PortRange publicPorts = PortRange.NONE;

    @Option(
            names = "--issuer",
            paramLabel = "KEY",
            description =
                    "Take join strings of this issuer too, as printed there by 'culvert invite issuer'; may be repeated.")
    List<String> issuer = new ArrayList<>();

    @Option(
            names = "--tokens",
            paramLabel = "FILE",
            description = "File that lists bearer tokens, hashed, with their scopes.")
    @Nullable
    Path tokens;

    @Option(
            names = "--origin",
            paramLabel = "ORIGIN",
            description = "Web origin that may open WebSockets; may be repeated.")
    List<String> origin = new ArrayList<>();

    @Option(
            names = "--balancer",
            paramLabel = "NETWORK",
            description =
                    "Addresses (10.0.0.0/8) of load balancers, which begin with a PROXY v2 header; may be repeated.")
    List<String> balancer = new ArrayList<>();

    @Option(names = "--insecure", description = "Permit links in clear beyond loopback.")
    boolean insecure;

    List<Endpoint> endpoints() throws Failure {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String text : listen.isEmpty() ? List.of("0.0.0.0:" + Endpoint.DEFAULT_PORT) : listen) {
            endpoints.add(endpoint(text));
        }
        return endpoints;
    }

    private Endpoint endpoint(String text) throws Failure {
        try {
            Endpoint endpoint = Endpoint.parse(text);
            if (endpoint instanceof Endpoint.Tcp tcp && !insecure && !Services.isLoopback(tcp.host())) {
                throw Failure.usage("--listen " + text + ": links in clear beyond loopback; use tls://"
                        + HostPort.text(tcp.host(), tcp.port()) + ", or say --insecure");
            }
            if (endpoint instanceof Endpoint.WebSocket || endpoint instanceof Endpoint.Memory) {
                throw Failure.usage("--listen " + text
                        + ": expected tls://host:port (which takes wss too), tcp://host:port (ws too) or unix:/path");
            }
            return endpoint;
        } catch (IllegalArgumentException e) {
            throw Failure.usage("--listen: " + e.getMessage());
        }
    }

    List<PublicAddress> publicAddresses() throws Failure {
        return InviteMaker.addresses(publicAddress);
    }

    Set<String> origins() {
        return Set.copyOf(origin);
    }

    List<byte[]> issuers() throws Failure {
        List<byte[]> keys = new ArrayList<>();
        for (String text : issuer) {
            keys.add(PublicKeys.parse("--issuer", text));
        }
        return keys;
    }
}
