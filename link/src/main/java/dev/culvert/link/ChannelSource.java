package dev.culvert.link;

import dev.culvert.link.transport.ConnectOptions;
import dev.culvert.link.transport.Connector;
import dev.culvert.link.transport.StepListener;
import dev.culvert.link.transport.Trust;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;

/** Where a link gets its connections. Any thread. */
interface ChannelSource {
    /** As {@link dev.culvert.link.transport.Connector#connect}. */
    Future<Channel> open(StepListener steps);

    /** Whether there may be another after the first. */
    boolean again();

    /** Dials {@code target} again and again; its identity key, if known, is what TLS must show. */
    static ChannelSource dialling(RelayTarget target, ConnectOptions options, Connector connector) {
        byte[] key = target.key();
        ConnectOptions effective = key == null ? options : options.withTrust(Trust.pinning(options.trust(), key));
        return new ChannelSource() {
            @Override
            public Future<Channel> open(StepListener steps) {
                return connector.connect(target.endpoint(), effective, steps);
            }

            @Override
            public boolean again() {
                return true;
            }
        };
    }

    /** A channel that somebody else has made: there is only one. */
    static ChannelSource of(Future<Channel> channel) {
        return new ChannelSource() {
            @Override
            public Future<Channel> open(StepListener steps) {
                return channel;
            }

            @Override
            public boolean again() {
                return false;
            }
        };
    }
}
