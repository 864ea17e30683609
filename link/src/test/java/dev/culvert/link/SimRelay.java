package dev.culvert.link;

import com.google.protobuf.ByteString;
import dev.culvert.link.proto.RelayAddress;
import dev.culvert.link.proto.Role;
import dev.culvert.link.proto.Welcome;
import dev.culvert.link.transport.ConnectFailed;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.IncomingLink;
import dev.culvert.link.transport.StepListener;
import dev.culvert.mux.MuxOptions;
import dev.culvert.mux.sim.SimLink;
import dev.culvert.policy.Authenticator;
import dev.culvert.policy.IdentityKey;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.PortRange;
import dev.culvert.policy.Principal;
import dev.culvert.policy.Scope;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A relay of a simulation: it accepts links, records what its sessions tell and can be made to fail. */
final class SimRelay implements Authenticator {
    static final Scope LEAF = new Scope("default", NamePatterns.ALL, NamePatterns.ALL, PortRange.NONE, false);

    final SimWorld world;
    final String name;
    final IdentityKey key = IdentityKey.generate();
    final List<SimLink> links = new ArrayList<>();
    final List<Claim> claims = new ArrayList<>();
    RecordedSessions sessions = new RecordedSessions();
    SessionAcceptor acceptor;
    LinkContext context;
    MuxOptions mux = MuxOptions.DEFAULT;
    Authenticator authenticator = claim -> new Accepted(principal(claim), LEAF, Long.MAX_VALUE);
    boolean reachable = true;

    SimRelay(SimWorld world, String name) {
        this.world = world;
        this.name = name;
        this.context = world.context();
        start();
    }

    /** A new process with the same key. */
    void start() {
        LocalNode node = new LocalNode(name, Role.ROLE_PEER, "test 1", context.random());
        acceptor = new SessionAcceptor(AcceptorOptions.of(node, key).withMux(mux), this, sessions, context);
        reachable = true;
    }

    private static Principal principal(Claim claim) {
        byte[] publicKey = claim.publicKey();
        return publicKey == null ? Principal.ANONYMOUS : Principal.ofKey(publicKey);
    }

    @Override
    public Verdict authenticate(Claim claim) {
        claims.add(claim);
        return authenticator.authenticate(claim);
    }

    RelayTarget target() {
        return new RelayTarget(new Endpoint.Tls(name, 7443), key.publicKey());
    }

    /** Refuses connections, and cuts those that it has. */
    void crash() {
        reachable = false;
        links.forEach(SimLink::cut);
        links.clear();
    }

    SimLink lastLink() {
        return links.get(links.size() - 1);
    }

    /** A new connection, which the relay takes at once. */
    SimLink connect() {
        SimLink link = world.net.link(world.wire);
        links.add(link);
        acceptor.onLink(new Incoming(link.acceptor()));
        return link;
    }

    /** For agents: connects as often as they like. */
    ChannelSource source() {
        return new ChannelSource() {
            @Override
            public Future<Channel> open(StepListener steps) {
                Promise<Channel> promise = world.net.loop().newPromise();
                world.net.loop().schedule(() -> settle(promise, steps), 5, TimeUnit.MILLISECONDS);
                return promise;
            }

            @Override
            public boolean again() {
                return true;
            }
        };
    }

    private void settle(Promise<Channel> promise, StepListener steps) {
        if (promise.isCancelled()) {
            return;
        }
        if (!reachable) {
            promise.setFailure(
                    new ConnectFailed("tcp", true, name + ": connection refused", new IOException("refused")));
            return;
        }
        steps.onStep("tcp", name, TimeUnit.MILLISECONDS.toNanos(5));
        Channel channel = connect().dialler();
        channel.config().setAutoRead(false);
        promise.setSuccess(channel);
    }

    /** As a link port would hand it over. */
    record Incoming(Channel channel) implements IncomingLink {
        @Override
        public String remoteAddress() {
            return "192.0.2.7:50123";
        }

        @Override
        public String transport() {
            return "tls";
        }

        @Override
        public void established() {
            // no deadline of a port to lift
        }
    }

    /** What a relay tells newcomers that names these. */
    static Welcome naming(SimRelay... relays) {
        Welcome.Builder welcome = Welcome.newBuilder();
        for (SimRelay relay : relays) {
            welcome.addRelays(RelayAddress.newBuilder()
                    .setAddress(relay.name + ":7443")
                    .setIdentityKey(ByteString.copyFrom(relay.key.publicKey())));
        }
        return welcome.build();
    }

    /** From now on newcomers are told of others. */
    void admitNaming(SimRelay... others) {
        sessions.admission =
                (session, hello) -> CompletableFuture.completedFuture(new SessionListener.Admitted(naming(others)));
    }
}
