package dev.culvert.node.proxy;

import dev.culvert.node.Entrance;
import dev.culvert.node.LocalConnection;
import io.netty.channel.Channel;

/**
 * The entrance of a local port that speaks SOCKS5 and HTTP ({@code culvert proxy}). <em>Immutable.</em> Opened with {@link
 * dev.culvert.node.CulvertNode#enter}.
 */
public final class Proxy implements Entrance {
    private final ProxyOptions options;

    public Proxy(ProxyOptions options) {
        this.options = options;
    }

    @Override
    public void onConnection(LocalConnection connection) {
        Channel channel = connection.channel();
        Patience patience = new Patience(channel);
        patience.begin(options.headTimeout());
        channel.pipeline().addFirst(new FirstByte(options, connection, patience));
        channel.config().setAutoRead(true);
    }

    @Override
    public int maxConnections() {
        return options.maxConnections();
    }

    @Override
    public boolean connectsDirectly() {
        return !options.direct().patterns().isEmpty();
    }

    @Override
    public String toString() {
        return "proxy";
    }
}
