package dev.culvert.examples.backstream;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import dev.culvert.gateway.Access;
import dev.culvert.gateway.AccessLog;
import dev.culvert.gateway.Backstream;
import dev.culvert.gateway.BackstreamOptions;
import dev.culvert.gateway.Gateway;
import dev.culvert.gateway.GatewayOptions;
import dev.culvert.gateway.GatewayRules;
import dev.culvert.gateway.GatewayTimes;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.Target;
import dev.culvert.node.Visibility;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * The central service as a program: services link to it, plain HTTP comes in and goes to one of them by {@code x-backstream-client-id}, host or path. {@code
 * culvert relay --http ... --backstream} is the same as a command.
 */
public final class CentralService implements AutoCloseable {
    private final CulvertNode node;
    private final int port;

    /**
     * @param state where the key and the invites are kept
     * @param secret what programs built on backstream show as {@code ?credential=...}
     */
    public CentralService(Path state, String secret, InstantSource clock) throws IOException {
        this.node = (CulvertNode) Node.builder()
                .name("central")
                .listen("127.0.0.1:0")
                .stateDirectory(state)
                .start();
        GatewayOptions options = GatewayOptions.DEFAULT
                .withTimes(GatewayTimes.DEFAULT.withResponse(Duration.ofSeconds(3)))
                .withRules(GatewayRules.DEFAULT.withFallback(Address.parse("any")));
        Gateway gateway = new Gateway("central", options, this::mayCall, AccessLog.NONE, clock, new SecureRandom());
        gateway.take(new Backstream(
                node, BackstreamOptions.DEFAULT.withNameless("any"), (name, shown) -> mayServe(name, shown, secret)));
        this.port = ((InetSocketAddress) node.enter(new Target.Tcp("127.0.0.1", 0), gateway)).getPort();
    }

    /** Anyone, what is offered as public. */
    private Access.Verdict mayCall(Address address, @Nullable String credential) {
        return node.visibility(address) == Visibility.PUBLIC
                ? new Access.Admitted(address, "")
                : new Access.Refused(
                        ErrorCode.UNKNOWN_SERVICE, "nobody offers '" + address + "' to the public", "look at its id");
    }

    private static Access.Verdict mayServe(String name, @Nullable String shown, String secret) {
        return secret.equals(shown)
                ? new Access.Admitted(Address.service(name), "one who knows the secret")
                : new Access.Refused(ErrorCode.UNAUTHENTICATED, "not the secret", "show it: ?credential=...");
    }

    /** Where HTTP is taken, and WebSockets of programs built on backstream. */
    public int port() {
        return port;
    }

    /** A join string for one service of ours. */
    public String invite() throws IOException {
        return node.invite();
    }

    @Override
    public void close() {
        node.close();
    }
}
