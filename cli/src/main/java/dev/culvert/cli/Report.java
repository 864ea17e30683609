package dev.culvert.cli;

import dev.culvert.api.ErrorCode;
import dev.culvert.node.NodeListener;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * Tells a person, or a program, what a node goes through: the steps of the first connection on one line, readiness, losses and
 * refusals. Called on event loops, speaks on a thread of its own.
 */
final class Report implements NodeListener {
    /** What a command adds to its node's life. */
    interface Ending {
        /** All services are registered, or for a node without services a link is up. */
        void onReady();

        /** A relay did not take a service. */
        void onRefusedService(Failure failure);

        /** Nothing that was asked for can come true any more. */
        void onHopeless(Failure failure);
    }

    private final Screen screen;
    private final Executor events;
    private final Ending ending;
    private final int relays;
    private final Set<String> refusedRelays = ConcurrentHashMap.newKeySet();
    /** The steps that each relay's connection has taken, until it is up or lost. */
    private final Map<String, String> steps = new ConcurrentHashMap<>();

    /** Why services are not reached. */
    private final Map<String, String> unreached = new ConcurrentHashMap<>();

    private final Map<String, Loss> losses = new ConcurrentHashMap<>();

    /**
     * @param events runs what may block, in order
     * @param relays how many links the node keeps; once all are refused it is hopeless
     */
    Report(Screen screen, Executor events, int relays, Ending ending) {
        this.screen = screen;
        this.events = events;
        this.relays = relays;
        this.ending = ending;
    }

    @Override
    public void onStep(String relay, String step, String detail, long nanos) {
        String time = nanos >= 0 ? " " + Units.time(Duration.ofNanos(nanos)) : "";
        String who = step.equals("auth") ? " " + detail.split(" ", 2)[0] : time;
        steps.merge(relay, "   " + screen.ok() + " " + step + who, String::concat);
        say(Event.of("step", "")
                .with("relay", relay)
                .with("step", step)
                .with("detail", detail)
                .with("micros", nanos / 1000));
    }

    @Override
    public void onLinkUp(String relay, LinkUp up) {
        String taken = steps.remove(relay);
        losses.remove(relay);
        say(Event.of("link-up", (taken == null ? "" : taken) + "   " + screen.ok() + " link " + up.node())
                .with("relay", relay)
                .with("node", up.node())
                .with("namespace", up.namespace())
                .with("principal", up.principal()));
    }

    @Override
    public void onLinkRetry(String relay, ErrorCode code, String reason, long delayNanos) {
        steps.remove(relay);
        Duration delay = Duration.ofNanos(delayNanos);
        String why = "   -- " + relay + ": " + code + ": " + without(relay, reason);
        Loss loss = losses.merge(relay, new Loss(why, 1), Loss::and);
        String text = loss.worthSaying() ? loss.text() + "; next attempt in " + Units.time(delay) : "";
        say(Event.of("link-retry", text)
                .with("relay", relay)
                .with("code", code.name())
                .with("reason", reason)
                .with("delayMillis", delay.toMillis()));
    }

    /** The reason, which a line says after the relay's address. */
    static String without(String relay, String reason) {
        return reason.startsWith(relay + ": ") ? reason.substring(relay.length() + 2) : reason;
    }

    /**
     * Why a link is not up. Told when it changes, and then ever more seldom: a relay that is away for a night is not worth a page.
     *
     * @param times in a row
     */
    private record Loss(String why, int times) {
        Loss and(Loss next) {
            return next.why.equals(why) ? new Loss(why, times + 1) : next;
        }

        boolean worthSaying() {
            return Integer.bitCount(times) == 1;
        }

        String text() {
            return times == 1 ? why : why + " (" + times + " times now)";
        }
    }

    @Override
    public void onLinkRefused(String relay, ErrorCode code, String reason) {
        refusedRelays.add(relay);
        boolean hopeless = refusedRelays.size() >= relays;
        String text = hopeless ? "" : "   -- " + relay + ": refused for good: " + code + ": " + without(relay, reason);
        say(Event.of("link-refused", text)
                .with("relay", relay)
                .with("code", code.name())
                .with("reason", reason));
        if (hopeless) {
            Failure failure = Failure.refused("relay " + relay, code, reason);
            events.execute(() -> ending.onHopeless(failure));
        }
    }

    @Override
    public void onServiceRegistered(String relay, String service, int publicPort) {
        String where = publicPort > 0
                ? "   " + screen.ok() + " public port " + publicPort + " at " + relay + " leads to " + service
                : "";
        say(Event.of("service-registered", where)
                .with("relay", relay)
                .with("service", service)
                .with("publicPort", publicPort));
    }

    @Override
    public void onServiceRefused(String relay, String service, ErrorCode code, String text) {
        say(Event.of("service-refused", "")
                .with("relay", relay)
                .with("service", service)
                .with("code", code.name())
                .with("reason", text));
        Failure failure = Failure.refused("service " + service, code, text);
        events.execute(() -> ending.onRefusedService(failure));
    }

    @Override
    public void onServiceWithdrawn(String relay, String service, ErrorCode code, String text) {
        say(Event.of(
                        "service-withdrawn",
                        "   -- service " + service + " withdrawn by " + relay + ": " + code + ": " + text)
                .with("relay", relay)
                .with("service", service)
                .with("code", code.name())
                .with("reason", text));
    }

    @Override
    public void onServiceReached(String relay, String service, long nanos) {
        unreached.remove(service);
        Duration time = Duration.ofNanos(nanos);
        say(Event.of("probe", "   " + screen.ok() + " probe " + service + " " + Units.time(time))
                .with("relay", relay)
                .with("service", service)
                .with("micros", nanos / 1000));
    }

    /** Said when the reason changes: it is asked again and again. */
    @Override
    public void onServiceNotReached(String relay, String service, ErrorCode code, String text) {
        boolean news = !text.equals(unreached.put(service, text));
        String line = "   -- probe " + service + ": " + code + " at " + text + "; not READY until it is reached";
        say(Event.of("probe-failed", news ? line : "")
                .with("relay", relay)
                .with("service", service)
                .with("code", code.name())
                .with("reason", text));
    }

    @Override
    public void onReady() {
        events.execute(ending::onReady);
    }

    @Override
    public void onPeerUp(String node, String principal, String remoteAddress) {
        say(Event.of("peer-up", "   " + screen.ok() + " " + node + " linked from " + remoteAddress)
                .with("node", node)
                .with("principal", principal)
                .with("remoteAddress", remoteAddress));
    }

    @Override
    public void onPeerDown(String node, ErrorCode code, String reason) {
        say(Event.of("peer-down", "   -- " + node + (code == ErrorCode.OK ? " left" : " gone: " + code + ": " + reason))
                .with("node", node)
                .with("code", code.name())
                .with("reason", reason));
    }

    private void say(Event event) {
        events.execute(() -> screen.say(event));
    }
}
