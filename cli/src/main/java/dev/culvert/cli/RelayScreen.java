package dev.culvert.cli;

import dev.culvert.link.transport.Endpoint;
import dev.culvert.policy.Grant;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What {@code culvert relay} says once it listens. Main thread, and the event thread for readiness.
 *
 * @param invites whether join strings are made and printed
 * @param http the gateway, perhaps closed
 */
record RelayScreen(
        Screen screen,
        RelayState relay,
        RelayDoor door,
        ListenOptions options,
        Clock clock,
        boolean invites,
        RelayHttp http)
        implements Foreground.Announcements {
    private static final Duration JOIN_WITHIN = Duration.ofHours(24);
    private static final int USES = 10;

    @Override
    public boolean takesRegistrations() {
        return true;
    }

    @Override
    public void started(RunningNode running) throws Failure {
        door.guard(running);
        http.start(running);
        List<String> addresses = addresses(running);
        relay.keepAddresses(addresses);
        screen.say(listening(running, addresses));
        if (invites && !addresses.isEmpty()) {
            InviteMaker maker = new InviteMaker(relay, addresses);
            Scope offer = scope(NamePatterns.ALL, NamePatterns.NONE);
            Scope call = scope(NamePatterns.NONE, NamePatterns.ALL);
            invite("expose", " On the machine that cannot be dialled:   culvert expose web 8080", maker, offer);
            invite("forward", " From anywhere:                           culvert forward web 9000", maker, call);
        } else {
            screen.say(Event.of("hint", " Join strings for other machines:   culvert invite"));
        }
    }

    private Event listening(RunningNode running, List<String> addresses) {
        StringBuilder text = new StringBuilder(" ")
                .append(screen.strong("Relay ready"))
                .append("   TLS on (self-issued, pinned by the join strings) · authentication on");
        for (String listening : running.listening()) {
            text.append("\n   links  ").append(described(listening));
        }
        http.described().forEach(line -> text.append("\n   ").append(line));
        return Event.of("listening", text.toString())
                .with("http", http.listening())
                .with("node", running.node().name())
                .with("links", running.listening())
                .with("publicAddresses", addresses);
    }

    private static String described(String endpoint) {
        if (endpoint.startsWith("tls://")) {
            return endpoint.substring("tls://".length()) + " (tls, websocket)";
        }
        return endpoint.startsWith("tcp://")
                ? endpoint.substring("tcp://".length()) + " (in clear, websocket)"
                : endpoint;
    }

    private Scope scope(NamePatterns register, NamePatterns dial) {
        PortRange ports = register.patterns().isEmpty() ? PortRange.NONE : options.publicPorts;
        return new Scope(Scope.DEFAULT_NAMESPACE, register, dial, ports, false);
    }

    private void invite(String verb, String text, InviteMaker maker, Scope scope) throws Failure {
        Grant grant = new Grant(scope, clock.millis() + JOIN_WITHIN.toMillis(), Long.MAX_VALUE, USES);
        InviteMaker.Made made = maker.make(grant, "printed by culvert relay for " + verb);
        screen.say(Event.of("join", text + " --join '" + made.text() + "'")
                .with("for", verb)
                .with("id", made.id())
                .with("join", made.text()));
    }

    /** What was asked for, else where it listens, with an address of this machine in place of a wildcard. */
    private List<String> addresses(RunningNode running) throws Failure {
        List<String> addresses = new ArrayList<>();
        int port = Endpoint.DEFAULT_PORT;
        for (String listening : running.listening()) {
            if (Endpoint.parse(listening) instanceof Endpoint.Tls tls) {
                port = tls.port();
                String host = Addresses.isWildcard(tls.host()) ? Addresses.reachable() : tls.host();
                addresses.add(Addresses.hostPort(host, tls.port()));
            }
        }
        return options.publicAddress.isEmpty() ? addresses : asked(port);
    }

    private List<String> asked(int port) throws Failure {
        List<String> addresses = new ArrayList<>();
        for (String text : options.publicAddress) {
            boolean portGiven = text.matches(".*[^:]:\\d+|.*\\]:\\d+");
            Endpoint.Tls at = InviteMaker.address(text);
            addresses.add(Addresses.hostPort(at.host(), portGiven ? at.port() : port));
        }
        return addresses;
    }

    @Override
    public Event ready(RunningNode running) {
        return Event.of("ready", "").with("node", running.node().name());
    }
}
