package dev.culvert.node;

import com.google.protobuf.ByteString;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.DirectOffer;
import dev.culvert.policy.DirectTickets;
import dev.culvert.policy.Principal;
import io.netty.buffer.Unpooled;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a node that takes direct links gives tickets to who reached it through a relay, and looks at those that are shown. Any thread.
 * [DIRECT-2] [DIRECT-5]
 */
final class DirectDesk {
    /** Asks for a direct link instead of the service. */
    static final String ASK = "culvert-direct";

    /** Shows what came of it. */
    static final String TICKET = "culvert-ticket";

    private static final String KEY_PRINCIPAL = "key:";

    private final String node;
    private final DirectTickets tickets;
    private final List<String> addresses;
    private final ByteString key;

    /** @param addresses where this node takes links */
    DirectDesk(String node, DirectTickets tickets, List<String> addresses, byte[] key) {
        this.node = node;
        this.tickets = tickets;
        this.addresses = addresses;
        this.key = ByteString.copyFrom(key);
    }

    /** Answers a stream that a relay brought to a service of this node, instead of the service. On the stream's loop. */
    void answer(Incoming incoming) {
        Call call = incoming.call();
        String caller = call.open().getPrincipal();
        if (call.isReserved() || !caller.startsWith(KEY_PRINCIPAL)) {
            incoming.refuse(Refused.here(
                    node, ErrorCode.DENIED, "'" + caller + "' gets no direct link (expected: a caller that is a key)"));
            return;
        }
        Discard rest = new Discard(incoming.from());
        if (incoming.accept(rest)) {
            incoming.stream()
                    .write(Wire.encode(
                            incoming.stream().session().channel().alloc(),
                            offer(new Principal(caller), call.key()),
                            Unpooled.EMPTY_BUFFER));
            incoming.stream().finish();
            rest.start(incoming.stream());
        }
    }

    private DirectOffer offer(Principal caller, NameKey key) {
        byte[] link = tickets.forLink(caller, key.namespace());
        byte[] stream = tickets.forService(caller, key.namespace(), key.service(), key.port());
        return DirectOffer.newBuilder()
                .addAllAddresses(addresses)
                .setIdentityKey(this.key)
                .setLinkTicket(ByteString.copyFrom(link))
                .setStreamTicket(ByteString.copyFrom(stream))
                .setValidMillis((int) tickets.lifeMillis())
                .build();
    }

    /** What is against a stream on a direct link; null: nothing. */
    @Nullable
    Refused fault(Peer from, Call call) {
        NameKey key = call.key();
        byte[] ticket = decode(call.open().getHeadersOrDefault(TICKET, ""));
        return tickets.leftForService(ticket, from.principal(), key.namespace(), key.service(), key.port()) > 0
                ? null
                : Refused.here(
                        node, ErrorCode.NO_ROUTE, "no ticket for '" + key + "' that is good on this direct link");
    }

    /** How long the link of {@code peer} may last by this ticket; 0 or less: it is not good. */
    long leftMillis(Peer peer, byte[] ticket) {
        return tickets.leftForLink(ticket, peer.principal(), peer.scope().namespace());
    }

    private static byte[] decode(String text) {
        try {
            return Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
