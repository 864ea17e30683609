package dev.culvert.link;

import dev.culvert.link.proto.Registration;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * The links of one node to its relays: one to every relay it was given, and to others that these name until there are enough. Any
 * thread.
 */
public final class LinkSet implements AutoCloseable {
    LinkSet() {}

    /**
     * Starts to link and returns at once.
     *
     * @param targets the relays given by configuration or join string
     * @param offers the services to register at once with each new session; asked on any event loop, must not block
     */
    public static LinkSet start(
            List<RelayTarget> targets,
            LinkOptions options,
            Supplier<List<Registration>> offers,
            SessionListener sessions,
            LinkListener links,
            LinkContext context) {
        throw new UnsupportedOperationException();
    }

    /**
     * Links over a channel that the caller got himself, for example from {@link dev.culvert.link.transport.AttachedStream}. Such a link is over
     * when its session is.
     */
    public Link attach(RelayTarget target, Future<Channel> channel) {
        throw new UnsupportedOperationException();
    }

    /** The links that are not over. A snapshot. */
    public List<Link> links() {
        throw new UnsupportedOperationException();
    }

    /** Connects no more, takes leave of all sessions as planned, and completes when the last has ended; then closed. */
    public CompletionStage<Void> drain(DrainPlan plan) {
        throw new UnsupportedOperationException();
    }

    /** Ends all links now. Idempotent. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
