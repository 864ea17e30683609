package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.node.ExposedService;
import dev.culvert.node.LocalEntry;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.Target;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads services and local entries from arguments: {@code NAME TARGET} or {@code NAME=TARGET ...}. <em>Stateless.</em> */
final class Services {
    private Services() {}

    /** A name and what stands beside it. */
    record Pair(String name, String value) {}

    /** @param usage what is expected, for the error */
    static List<Pair> pairs(List<String> arguments, String usage) throws Failure {
        if (arguments.size() == 2 && arguments.stream().noneMatch(argument -> argument.indexOf('=') > 0)) {
            if (arguments.get(0).matches("\\d{2,5}") && arguments.get(1).matches("[a-z][a-z0-9._-]*")) {
                throw Failure.usage("arguments '" + arguments.get(0) + "' '" + arguments.get(1)
                        + "': the name comes first; expected " + usage);
            }
            return List.of(new Pair(arguments.get(0), arguments.get(1)));
        }
        List<Pair> pairs = new ArrayList<>();
        for (String argument : arguments) {
            pairs.add(pair(argument, usage));
        }
        return pairs;
    }

    /** One {@code NAME=VALUE}. */
    static Pair pair(String argument, String usage) throws Failure {
        int equals = argument.indexOf('=');
        if (equals < 1) {
            throw Failure.usage("argument '" + argument + "': expected " + usage);
        }
        return new Pair(argument.substring(0, equals), argument.substring(equals + 1));
    }

    /** What options {@code --expose NAME=TARGET} offer. */
    static List<ExposedService> exposed(List<String> options) throws Failure {
        List<ExposedService> services = new ArrayList<>();
        for (String option : options) {
            Pair pair = pair(option, "--expose NAME=TARGET");
            services.add(service(pair.name(), pair.value(), false, -1, new ServiceOptions(), Map.of()));
        }
        return services;
    }

    /**
     * @param publicPort 0: any; -1: none
     * @param env where passwords may stand
     */
    static ExposedService service(
            String name, String target, boolean shared, int publicPort, ServiceOptions options, Map<String, String> env)
            throws Failure {
        try {
            Address address = Address.parse(name);
            if (!address.node().isEmpty() || !address.namespace().isEmpty()) {
                throw Failure.usage("service '" + name + "': expected a name without a node, as "
                        + (address.service().isEmpty() ? ":" + address.port() : address.service())
                        + "; the node is named with --name");
            }
            Target parsed = Target.parse(target);
            return new ExposedService(
                    address.service(),
                    address.port(),
                    parsed,
                    shared,
                    publicPort,
                    options.publicTerms(parsed, env),
                    options.targetOptions(parsed));
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    /** The node with all these services. */
    static NodeConfig offer(NodeConfig node, List<ExposedService> services) {
        NodeConfig offering = node;
        for (ExposedService service : services) {
            offering = offering.withService(service);
        }
        return offering;
    }

    /** The node with all these local entries. */
    static NodeConfig lead(NodeConfig node, List<LocalEntry> entries) {
        NodeConfig leading = node;
        for (LocalEntry entry : entries) {
            leading = leading.withEntry(entry);
        }
        return leading;
    }

    /** @param insecure whether it may listen where others can reach it */
    static LocalEntry entry(String name, String listen, boolean insecure) throws Failure {
        try {
            LocalEntry entry = new LocalEntry(listen(listen), Address.parse(name));
            if (!insecure && entry.listen() instanceof Target.Tcp tcp && !isLoopback(tcp.host())) {
                throw Failure.usage("listening on " + tcp + ": would let everyone who reaches it in, without"
                        + " authentication; use " + tcp.port() + " for loopback only, or say --insecure");
            }
            return entry;
        } catch (IllegalArgumentException e) {
            throw Failure.usage(e);
        }
    }

    private static Target listen(String text) throws Failure {
        Target target = Target.parse(text);
        if (target instanceof Target.Https) {
            throw Failure.usage("listening on " + text + ": this node has no certificate; expected 8080, host:8080,"
                    + " [::1]:8080 or unix:/path");
        }
        return target;
    }

    static boolean isLoopback(String host) throws Failure {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw Failure.usage("host '" + host + "': unknown; expected a name or an address of this machine");
        }
    }
}
