package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.node.LocalConnection;
import io.netty.channel.Channel;

/** Streams that are dialled on behalf of one client's connection. Owned by its loop. */
record StreamConnector(LocalConnection connection) implements ServiceConnector {
    @Override
    public Channel connect(Address address, DialOptions options) {
        return new StreamChannel((first, answer) -> connection.dial(address, options, first, answer));
    }
}
