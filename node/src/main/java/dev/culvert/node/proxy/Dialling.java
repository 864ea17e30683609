package dev.culvert.node.proxy;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import dev.culvert.node.LocalConnection;
import dev.culvert.node.LocalStream;
import io.netty.buffer.Unpooled;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes where a program wants to go: tries each name that it may have meant. Owned by the connection's loop. */
final class Dialling implements LocalConnection.Answer {
    private final LocalConnection connection;
    private final DialOptions options;
    private final byte[] first;
    private final LocalConnection.Answer answer;
    private Iterator<Address> addresses = List.<Address>of().iterator();
    private @Nullable DialException refusal;

    /** @param first leaves with the open */
    Dialling(LocalConnection connection, DialOptions options, byte[] first, LocalConnection.Answer answer) {
        this.connection = connection;
        this.options = options;
        this.first = first;
        this.answer = answer;
    }

    void to(Destination.Named named) {
        addresses = named.addresses().iterator();
        next();
    }

    void to(Destination.Outside outside) {
        connection.connect(outside.host(), outside.port(), options, Unpooled.wrappedBuffer(first), answer);
    }

    private void next() {
        connection.dial(addresses.next(), options, Unpooled.wrappedBuffer(first), this);
    }

    @Override
    public void onOpened(LocalStream stream) {
        answer.onOpened(stream);
    }

    /** Of several names that nobody offers the first is told: it is what the program most likely meant. */
    @Override
    public void onRefused(DialException newRefusal) {
        boolean unknown = newRefusal.code() == ErrorCode.UNKNOWN_SERVICE;
        DialException told = unknown && refusal != null ? refusal : newRefusal;
        if (unknown && addresses.hasNext()) {
            refusal = told;
            next();
        } else {
            answer.onRefused(told);
        }
    }
}
