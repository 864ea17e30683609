package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import io.netty.buffer.Unpooled;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An entrance whose connections are all dialled to one name. <em>Immutable.</em> */
record Forward(Address address, DialTerms terms) implements Entrance {
    private static final Logger LOG = LoggerFactory.getLogger(Forward.class);

    @Override
    public void onConnection(LocalConnection connection) {
        connection.dial(address, terms, Unpooled.EMPTY_BUFFER, new LocalConnection.Answer() {
            @Override
            public void onOpened(LocalStream stream) {
                stream.join();
            }

            @Override
            public void onRefused(DialException refusal) {
                LOG.info("{}", refusal.getMessage());
                connection.abort();
            }
        });
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
