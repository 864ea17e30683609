package dev.culvert.link;

import dev.culvert.link.transport.StepListener;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;

/** Where a link gets its connections. Any thread. */
interface ChannelSource {
    /** As {@link dev.culvert.link.transport.Connector#connect}. */
    Future<Channel> open(StepListener steps);

    /** Whether there may be another after the first. */
    boolean again();

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
