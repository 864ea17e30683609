package dev.culvert.testkit;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;

/** One connection through a {@link TestLink}: two channels and a pump for each direction. Owned by the link's event loop. */
final class Cable {
    private final TestLink link;
    private final Channel node;
    private final LocalChannel relay = new LocalChannel();
    private final Pump up;
    private final Pump down;
    private boolean ended;

    Cable(TestLink link, Channel node) {
        this.link = link;
        this.node = node;
        this.up = new Pump(link, node, relay, this::onClosed);
        this.down = new Pump(link, relay, node, this::onClosed);
    }

    /** The node's channel is registered. On the loop. */
    void connect(LocalAddress to) {
        relay.config().setAutoRead(false);
        relay.pipeline().addLast(down);
        node.pipeline().addLast(up);
        link.loop().register(relay).addListener(registered -> {
            ChannelFuture connected = relay.connect(to);
            connected.addListener(done -> {
                if (done.isSuccess()) {
                    node.config().setAutoRead(true);
                    relay.config().setAutoRead(true);
                } else {
                    end();
                }
            });
        });
    }

    /** Any thread. */
    void cut() {
        link.loop().execute(this::end);
    }

    /** Any thread. */
    void onWeather() {
        link.loop().execute(() -> {
            up.pump();
            down.pump();
        });
    }

    /** One end closed: the other sees it behind what is under way; through silence it does not. */
    private void onClosed() {
        if (!link.weather().silent()) {
            end();
        }
    }

    private void end() {
        if (!ended) {
            ended = true;
            up.end();
            down.end();
            node.close();
            relay.close();
            link.onEnded(this);
        }
    }
}
