package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** A service that leads to one target of this node's own configuration. Any thread. */
final class TargetService implements LocalService {
    private final Switchboard board;
    private final Sockets sockets;
    private final Executor blocking;
    private final Target target;
    private final TargetGreeting greeting;
    private final int connectMillis;

    /** @param blocking resolves names */
    TargetService(Switchboard board, Sockets sockets, Executor blocking, Way way, NodeLimits limits) {
        this.board = board;
        this.sockets = sockets;
        this.blocking = blocking;
        this.target = way.target();
        this.greeting = way.greeting();
        this.connectMillis = (int) Math.min(Integer.MAX_VALUE, limits.times().connectMillis());
    }

    /** Where a service leads to, and what is said there first. */
    record Way(Target target, TargetGreeting greeting) {}

    @Override
    public String target() {
        return target.toString();
    }

    @Override
    public void open(Incoming incoming) {
        begin(incoming, this::bridge);
    }

    /** Connects, as for a caller, and lets go. */
    @Override
    public void probe(Incoming incoming) {
        begin(incoming, (reached, channel) -> {
            channel.close();
            Probe.accept(reached);
        });
    }

    private void begin(Incoming incoming, BiConsumer<Incoming, Channel> then) {
        if (target instanceof Target.Unix unix) {
            new Attempt(incoming, then).connect(List.of(sockets.unixAddress(unix)));
            return;
        }
        Target.Tcp tcp = target instanceof Target.Https secure ? secure.address() : (Target.Tcp) target;
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(tcp.host());
        if (literal != null) {
            new Attempt(incoming, then).connect(List.of(new InetSocketAddress(literal, tcp.port())));
        } else {
            resolve(tcp, incoming, then);
        }
    }

    private void resolve(Target.Tcp tcp, Incoming incoming, BiConsumer<Incoming, Channel> then) {
        EventLoop loop = incoming.stream().session().loop();
        try {
            blocking.execute(() -> {
                try {
                    List<SocketAddress> addresses = new ArrayList<>();
                    for (InetAddress address : InetAddress.getAllByName(tcp.host())) {
                        addresses.add(new InetSocketAddress(address, tcp.port()));
                    }
                    loop.execute(() -> new Attempt(incoming, then).connect(addresses));
                } catch (UnknownHostException e) {
                    loop.execute(() -> refuse(incoming, ErrorCode.TARGET_REFUSED, "host not found"));
                }
            });
        } catch (RejectedExecutionException e) {
            refuse(incoming, ErrorCode.OVERLOAD, "too many names are being resolved");
        }
    }

    private void refuse(Incoming incoming, ErrorCode code, String reason) {
        incoming.refuse(board.refused(code, "target " + target + ": " + reason));
    }

    /** Connects to one address after the other, and greets the first that answers. Owned by the stream's loop. */
    private final class Attempt {
        private final Incoming incoming;
        private final EventLoop loop;
        private final BiConsumer<Incoming, Channel> then;
        private @Nullable Channel greeted;
        private boolean cancelled;

        Attempt(Incoming incoming, BiConsumer<Incoming, Channel> then) {
            this.incoming = incoming;
            this.then = then;
            this.loop = incoming.stream().session().loop();
        }

        void connect(List<SocketAddress> addresses) {
            incoming.onGone(this::cancel);
            next(addresses.iterator());
        }

        private void cancel() {
            cancelled = true;
            if (greeted != null) {
                greeted.close();
            }
        }

        private void next(Iterator<SocketAddress> addresses) {
            ChannelFuture connecting = sockets.connect(sockets.loopNear(loop), addresses.next(), connectMillis);
            connecting.addListener(done -> Hop.to(loop, () -> {
                if (done.isSuccess()) {
                    onConnected(connecting.channel());
                } else if (addresses.hasNext() && !cancelled) {
                    next(addresses);
                } else {
                    refuse(incoming, ErrorCode.TARGET_REFUSED, SystemFault.text(done.cause()));
                }
            }));
        }

        private void onConnected(Channel channel) {
            if (cancelled) {
                channel.close();
                return;
            }
            greeted = channel;
            Hop.to(
                    channel.eventLoop(),
                    () -> greeting.begin(channel, incoming.call(), connectMillis)
                            .addListener(done -> Hop.to(loop, () -> onGreeted(channel, done.cause()))));
        }

        private void onGreeted(Channel channel, @Nullable Throwable fault) {
            if (fault != null || cancelled) {
                channel.close();
                refuse(incoming, ErrorCode.TARGET_REFUSED, TargetFault.text(fault));
            } else {
                then.accept(incoming, channel);
            }
        }
    }

    private void bridge(Incoming incoming, Channel channel) {
        EventLoop loop = incoming.stream().session().loop();
        Bridge bridge = new Bridge(incoming.stream(), loop, channel, board.traffic(), true);
        if (incoming.accept(bridge.streamSide())) {
            board.traffic().open();
            bridge.start();
        } else {
            channel.close();
        }
    }
}
