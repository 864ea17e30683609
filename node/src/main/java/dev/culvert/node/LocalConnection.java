package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A program's connection to a local socket of this node. Owned by its channel's loop: every method is called there.
 *
 * <p>The last handler of the channel's pipeline keeps bytes until a stream is joined with the connection; an {@link Entrance} that talks
 * with the program first puts its handlers before it, and takes them away before {@link LocalStream#join()}.
 */
public final class LocalConnection {
    private final Channel channel;
    private final OwnDials dials;
    private final Traffic traffic;
    private @Nullable SocketAddress client;
    private @Nullable String source;

    LocalConnection(Channel channel, OwnDials dials, Traffic traffic) {
        this.channel = channel;
        this.client = channel.remoteAddress();
        this.dials = dials;
        this.traffic = traffic;
    }

    /** Is told what became of a dial, once; never if the connection ended before. On the channel's loop. */
    public interface Answer {
        /** The far end has accepted. The stream must be joined, taken or reset before this returns. */
        void onOpened(LocalStream stream);

        void onRefused(DialException refusal);
    }

    public Channel channel() {
        return channel;
    }

    /** Where the program is: the other end of the channel, unless {@link #cameFrom} said more; null: nobody knows. */
    public @Nullable SocketAddress client() {
        return client;
    }

    /**
     * Somebody between, who is believed, has said where the program is. Before the first dial.
     *
     * @param newClient null: it does not know
     * @param door where the program was taken; null: it does not know
     */
    public void cameFrom(@Nullable InetSocketAddress newClient, @Nullable InetSocketAddress door) {
        client = newClient;
        source = text(newClient == null || door == null ? null : Source.of(newClient, door));
    }

    /**
     * Dials on behalf of the program; the end of the connection cancels it.
     *
     * @param first the first bytes, at most 32 KiB, which leave with the open; consumed
     */
    public void dial(Address address, DialOptions options, ByteBuf first, Answer answer) {
        dial(address, dials.terms(options), first, answer);
    }

    /** As {@link #dial(Address, DialOptions, ByteBuf, Answer)}, for somebody whom this node has proved: the service is told who. */
    public void dial(Address address, String principal, DialOptions options, ByteBuf first, Answer answer) {
        dial(address, DialTerms.of(principal, options), first, answer);
    }

    /**
     * Connects to a host outside Culvert, resolved by this machine. The {@link Entrance} must have said that it does.
     *
     * @param first as for {@link #dial(Address, DialOptions, ByteBuf, Answer)}
     */
    public void connect(String host, int port, DialOptions options, ByteBuf first, Answer answer) {
        Map<String, String> where = Map.of(DirectService.HOST, host, DirectService.PORT, Integer.toString(port));
        dial(Address.service(DirectService.NAME), options.withHeaders(where), first, answer);
    }

    void dial(Address address, DialTerms terms, ByteBuf first, Answer answer) {
        Waiting waiting = new Waiting(address.node(), answer);
        // only a relay is believed to say where its callers come from; a leaf knows no routes
        String told = dials.knows(address) ? source() : "";
        waiting.dial(address, told.isEmpty() ? terms : terms.with(Source.HEADER, told), first);
    }

    /** Empty: it came by no network. */
    private String source() {
        String known = source;
        if (known == null) {
            known = text(Source.of(channel));
            source = known;
        }
        return known;
    }

    private static String text(@Nullable Source source) {
        return source == null ? "" : source.toString();
    }

    /** How a gateway is to speak to a service, as its nodes have registered it at this one. */
    public HttpTerms httpTerms(Address address) {
        return dials.httpTerms(address);
    }

    /** The program sees a reset. */
    public void abort() {
        if (channel.isOpen() && channel.config().getOptions().containsKey(ChannelOption.SO_LINGER)) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        channel.close();
    }

    /** One dial, and the wish to hear of the connection's end as long as it lasts. */
    private final class Waiting implements Dial.Result {
        private final String node;
        private final Answer answer;
        private ChannelFutureListener onClose = closed -> {};
        private boolean answered;

        Waiting(String node, Answer answer) {
            this.node = node;
            this.answer = answer;
        }

        void dial(Address address, DialTerms terms, ByteBuf first) {
            Dialling dial = dials.begin(channel.eventLoop(), address, terms, first, this);
            if (!answered) {
                onClose = closed -> dial.cancel(ErrorCode.CANCELLED.number());
                channel.closeFuture().addListener(onClose);
            }
        }

        @Override
        public void onOpened(Dial.Opened opened) {
            end();
            answer.onOpened(new LocalStream(opened, node, channel, traffic));
        }

        @Override
        public void onRefused(Refused refused) {
            end();
            answer.onRefused(refused.toException());
        }

        private void end() {
            answered = true;
            channel.closeFuture().removeListener(onClose);
        }
    }
}
