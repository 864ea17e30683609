package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.node.HttpTerms;
import io.netty.channel.Channel;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Makes channels that lead to services, for one client's connection. Owned by one event loop: calls and channels belong there. */
interface ServiceConnector {
    /**
     * A channel, not yet registered, that dials with its first flush, so that the first bytes leave with the open. It closes when the dial
     * is refused or the stream is lost; then its pipeline is first told the {@link dev.culvert.api.CulvertException} as an exception.
     */
    Channel connect(Access.Admitted who, DialOptions options);

    /** How a service wants to be spoken to. */
    HttpTerms terms(Address service);

    /** The client's address with its port, which services may be told that ask for it; null: nobody knows. */
    @Nullable
    SocketAddress client();
}
