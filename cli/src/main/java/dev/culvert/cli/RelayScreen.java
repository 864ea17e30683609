package dev.culvert.cli;

import dev.culvert.link.PublicAddress;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.policy.Grant;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Scope;
import java.time.Clock;
import java.time.Duration;
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
                .append("   ")
                .append(
                        running.listening().stream().anyMatch(at -> at.startsWith("tls://"))
                                ? "TLS on (self-issued, pinned by the join strings)"
                                : "TLS off")
                .append(" · authentication on");
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
        List<PublicAddress> listening = PublicAddress.of(
                running.listening().stream().map(Endpoint::parse).toList());
        if (options.publicAddress.isEmpty()) {
            return listening.stream()
                    .map(at -> at.isWildcard() ? at.withHost(Addresses.reachable()) : at)
                    .map(PublicAddress::toString)
                    .toList();
        }
        int port = listening.isEmpty()
                ? Endpoint.DEFAULT_PORT
                : listening.get(listening.size() - 1).port();
        return options.publicAddresses().stream()
                .map(at -> at.orPort(port).toString())
                .toList();
    }

    @Override
    public Event ready(RunningNode running) {
        return Event.of("ready", "").with("node", running.node().name());
    }
}
