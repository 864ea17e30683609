package dev.culvert.bench;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.node.CulvertNode;
import dev.culvert.node.NodeListener;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Consumer;

/** An authenticated node, linked to a relay over TLS, that dials the bench service by name. Owned by its only event loop. */
record NodeLink(CulvertNode node, EventLoop loop) implements Opener {
    private static final Address SERVICE = Address.parse(Nodes.SERVICE);
    private static final Duration LINK_TIMEOUT = Duration.ofSeconds(30);

    static NodeLink connect(PeerOptions options) {
        Nodes nodes = new Nodes(options, 1);
        try {
            CulvertNode node = CulvertNode.start(nodes.leaf("caller"), new EndOfLink(), nodes.loops());
            node.awaitLink(LINK_TIMEOUT);
            return new NodeLink(node, nodes.loops().next());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void open(ByteBuf first, StreamHandler handler, Consumer<MuxStream> onOpened) {
        node.open(SERVICE, DialOptions.DEFAULT, first, handler).whenComplete((stream, failure) -> {
            if (failure == null) {
                onOpened.accept(stream);
            } else {
                Conductor.fail(failure);
            }
        });
    }

    /** A link that ends makes a run no run. <em>Stateless.</em> */
    private static final class EndOfLink implements NodeListener {
        @Override
        public void onLinkRetry(String relay, ErrorCode code, String reason, long delayNanos) {
            Conductor.fail("link ended: " + code + ": " + reason);
        }

        @Override
        public void onLinkRefused(String relay, ErrorCode code, String reason) {
            Conductor.fail("link refused: " + code + ": " + reason);
        }
    }
}
