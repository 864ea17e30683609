package dev.culvert.node;

import dev.culvert.api.AttachOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.LinkException;
import dev.culvert.api.Session;
import dev.culvert.link.Link;
import dev.culvert.link.LinkContext;
import dev.culvert.link.LinkListener;
import dev.culvert.link.LinkOptions;
import dev.culvert.link.LinkSet;
import dev.culvert.link.LocalNode;
import dev.culvert.link.RelayTarget;
import dev.culvert.link.SessionAcceptor;
import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.Endpoint;
import dev.culvert.link.transport.Loops;
import dev.culvert.policy.JoinString;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Links over byte streams that embedders have, in both roles. Any thread. */
final class Attachments {
    private final NodeConfig config;
    private final LocalNode local;
    private final Parts parts;
    private final CompletableFuture<Void> over;
    private final AtomicLong numbers = new AtomicLong();

    /**
     * What links and sessions become parts of.
     *
     * @param listen takes links; null: this node takes none
     */
    record Parts(
            LinkSide links,
            Upstream upstream,
            Registrations registrations,
            Peers peers,
            LinkContext context,
            @Nullable ListenSide listen) {}

    /** @param over completes when the node is closed */
    Attachments(NodeConfig config, LocalNode local, Parts parts, CompletableFuture<Void> over) {
        this.config = config;
        this.local = local;
        this.parts = parts;
        this.over = over;
    }

    /**
     * Blocks until the session is up.
     *
     * @param opening makes a channel of the byte stream, once everything else has been checked
     */
    Session attach(AttachOptions options, BiFunction<Loops, String, Future<Channel>> opening) throws IOException {
        String name = options.name().isEmpty() ? String.valueOf(numbers.incrementAndGet()) : options.name();
        Outcome outcome = new Outcome(local.name());
        Future<Channel> channel;
        if (options.join().isEmpty()) {
            ListenSide listen = listening();
            channel = opening.apply(parts.context().loops(), name);
            listen.attach("attached:" + name, options.timeout().toMillis(), channel, outcome);
        } else {
            LinkConfig link = link(options, name);
            channel = opening.apply(parts.context().loops(), name);
            begin(link, channel, outcome);
        }
        return await(outcome.up, channel);
    }

    private ListenSide listening() {
        if (parts.listen() == null) {
            throw new IllegalStateException("this node takes no links (expected: Node.builder().listen(...), or "
                    + "listen(ListenOptions.ATTACHED) for one without a port)");
        }
        return parts.listen();
    }

    private LinkConfig link(AttachOptions options, String name) {
        JoinString join = JoinString.parse(options.join());
        if (join.relays().size() != 1) {
            throw new IllegalArgumentException(
                    "join string with " + join.relays().size()
                            + " relays (expected: one, since the stream leads to one); ask that relay for an invitation");
        }
        RelayTarget target = new RelayTarget(
                new Endpoint.Attached(name), join.relays().get(0).key());
        LinkConfig link = new LinkConfig(
                List.of(target),
                join.token(),
                null,
                ConnectOptions.DEFAULT,
                LinkConfig.of(join).timing());
        return link.withTiming(
                link.timing().withHandshakeMillis(options.timeout().toMillis()));
    }

    private void begin(LinkConfig link, Future<Channel> channel, Outcome outcome) {
        LinkOptions options = LinkSide.options(config, local, link);
        Joined joined = new Joined(outcome);
        LinkSet set = LinkSet.start(
                List.of(), options, parts.registrations()::offers, parts.peers(), joined, parts.context());
        joined.set = set;
        parts.links().add(set);
        parts.upstream().expectOneMore();
        set.attach(link.relays().get(0), channel);
    }

    private Session await(CompletableFuture<Session> up, Future<Channel> channel) throws IOException {
        boolean done = false;
        try {
            CompletableFuture<Object> first = CompletableFuture.anyOf(up, over);
            Waits.on(first);
            if (!up.isDone()) {
                throw closed(local.name());
            }
            Session session = Waits.on(up);
            done = true;
            return session;
        } finally {
            // a session that came to nothing closes it by itself, behind the refusal that it may still be writing
            if (!done && !up.isCompletedExceptionally()) {
                channel.addListener(opened -> {
                    if (opened.isSuccess()) {
                        channel.getNow().close();
                    }
                });
            }
        }
    }

    static LinkException closed(String node) {
        return new LinkException(
                ErrorCode.DRAINING, node, "this node is closed (expected: one that runs)", "start another node");
    }

    /** What the caller waits for. Told on event loops. */
    private final class Outcome implements SessionAcceptor.Outcome {
        private final CompletableFuture<Session> up = new CompletableFuture<>();
        private final String node;

        Outcome(String node) {
            this.node = node;
        }

        /** Embedders see a session when its listener has been told of it, which is done in the same turn of its loop. */
        @Override
        public void onUp(dev.culvert.link.Session session) {
            session.mux().loop().execute(() -> {
                Session face = parts.peers().face(session);
                if (face == null) {
                    onFailed(ErrorCode.LINK_LOST, "the session was up and is over");
                } else {
                    up.complete(face);
                }
            });
        }

        @Override
        public void onFailed(ErrorCode code, String reason) {
            up.completeExceptionally(new LinkException(code, node, reason, next(code)));
        }

        private static String next(ErrorCode code) {
            return switch (code) {
                case UNAUTHENTICATED -> "check that the join string is from the node at the stream's other end";
                case DEADLINE -> "check that the other end attaches too: one joins, the other accepts";
                default -> "attach again, over a fresh stream";
            };
        }
    }

    /** The link at the joining end; the node's listener hears of it as of others. */
    private final class Joined implements LinkListener {
        private final Outcome outcome;
        private volatile @Nullable LinkSet set;
        private volatile boolean refused;

        Joined(Outcome outcome) {
            this.outcome = outcome;
        }

        @Override
        public void onConnecting(Link link, long attempt) {
            parts.links().onConnecting(link, attempt);
        }

        @Override
        public void onStep(Link link, String step, String detail, long nanos) {
            parts.links().onStep(link, step, detail, nanos);
        }

        @Override
        public void onUp(Link link, dev.culvert.link.Session session) {
            parts.links().onUp(link, session);
            outcome.onUp(session);
        }

        @Override
        public void onRetry(Link link, ErrorCode code, String reason, long delayNanos) {
            parts.links().onRetry(link, code, reason, delayNanos);
        }

        @Override
        public void onRefused(Link link, ErrorCode code, String reason) {
            refused = true;
            parts.links().onRefused(link, code, reason);
            outcome.onFailed(code, reason);
        }

        @Override
        public void onEnded(Link link) {
            LinkSet of = set;
            if (of != null) {
                parts.links().remove(of, link.target().toString());
            }
            if (!refused) {
                parts.upstream().expectOneLess();
            }
            outcome.onFailed(ErrorCode.LINK_LOST, "the link was closed");
        }
    }
}
