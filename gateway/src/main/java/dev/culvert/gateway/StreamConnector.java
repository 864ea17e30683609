package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.node.HttpTerms;
import dev.culvert.node.LocalConnection;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Streams that are dialled on behalf of one client's connection. Owned by its loop. */
record StreamConnector(LocalConnection connection) implements ServiceConnector {
    /** What a service is told of one who showed no credential. */
    static final String NOBODY = "anonymous";

    @Override
    public Channel connect(Access.Admitted who, DialOptions options) {
        String principal = who.caller().isEmpty() ? NOBODY : who.caller();
        return new StreamChannel((first, answer) -> connection.dial(who.address(), principal, options, first, answer));
    }

    @Override
    public HttpTerms terms(Address service) {
        return connection.httpTerms(service);
    }

    @Override
    public @Nullable SocketAddress client() {
        return connection.client();
    }
}
