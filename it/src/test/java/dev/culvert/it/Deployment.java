package dev.culvert.it;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A relay on a host of the lab and what its operator and its users type: the syntax of the command is in this class only. Used by
 * one thread.
 */
final class Deployment {
    static final int LINK_PORT = 7443;

    private static final Pattern JOIN = Pattern.compile("culvert://\\S+");

    private final Host host;
    private final String options;
    private Proc relay;

    private Deployment(Host host, String options) {
        this.host = host;
        this.options = options;
        this.relay = startRelay(host, options);
    }

    /** Starts a relay for links over IPv4 and IPv6, and waits until it is ready. */
    static Deployment on(Host host) {
        return on(host, "");
    }

    /** As {@link #on(Host)}, with more options of {@code culvert relay}. */
    static Deployment on(Host host, String options) {
        return new Deployment(host, options);
    }

    private static Proc startRelay(Host host, String options) {
        Proc relay = host.start("culvert relay --listen '[::]:%d' --public-address %s:%d --no-invite %s"
                .formatted(LINK_PORT, host.address(), LINK_PORT, options));
        relay.awaitLine("Relay ready");
        return relay;
    }

    Proc relay() {
        return relay;
    }

    Host host() {
        return host;
    }

    /** The same relay once more, after its process has ended. */
    void restartRelay() {
        relay = startRelay(host, options);
    }

    /** A join string for everything, good for any number of keys that a test may use. */
    String invite() {
        return invite("--uses 100");
    }

    String invite(String options) {
        return joinStringIn(host.run("culvert invite " + options).orFail().out());
    }

    static String joinStringIn(String text) {
        Matcher matcher = JOIN.matcher(text);
        if (!matcher.find()) {
            throw new AssertionError("no join string (expected: culvert://...) in: " + text);
        }
        return matcher.group();
    }

    /** Starts {@code culvert expose} on {@code at} and waits until every service is served. */
    static Proc expose(Host at, String arguments) {
        return ready(at.start("culvert expose " + arguments));
    }

    /** Starts {@code culvert forward} on {@code at} and waits until its link is up. */
    static Proc forward(Host at, String arguments) {
        return ready(at.start("culvert forward " + arguments));
    }

    /** Starts {@code culvert proxy} on {@code at} and waits until its link is up. */
    static Proc proxy(Host at, String arguments) {
        return ready(at.start("culvert proxy " + arguments));
    }

    private static Proc ready(Proc proc) {
        proc.awaitLine("READY");
        return proc;
    }
}
