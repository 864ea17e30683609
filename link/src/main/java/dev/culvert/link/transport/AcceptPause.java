package dev.culvert.link.transport;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a listening socket does when it cannot accept, mostly for want of descriptors: it rests for a second and says so once a minute,
 * instead of trying as fast as it can. Owned by its channel's event loop.
 */
public final class AcceptPause extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(AcceptPause.class);
    private static final long PAUSE_SECONDS = 1;
    private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final String where;
    private final BooleanSupplier wanted;
    private boolean told;
    private long toldNanos;

    /**
     * @param where for the log
     * @param wanted whether connections are wanted when the rest is over; if not, whoever knows will ask for them
     */
    public AcceptPause(String where, BooleanSupplier wanted) {
        this.where = where;
        this.wanted = wanted;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        ctx.channel().config().setAutoRead(false);
        ctx.executor().schedule(() -> goOn(ctx), PAUSE_SECONDS, TimeUnit.SECONDS);
        long nowNanos = ctx.executor().ticker().nanoTime();
        if (!told || nowNanos - toldNanos >= SILENCE_NANOS) {
            told = true;
            toldNanos = nowNanos;
            LOG.warn(
                    "{}: a connection cannot be accepted: {} (expected: a free descriptor; raise the limit: ulimit -n, or LimitNOFILE"
                            + " of the service)",
                    where,
                    cause.getMessage());
        }
    }

    private void goOn(ChannelHandlerContext ctx) {
        if (wanted.getAsBoolean()) {
            ctx.channel().config().setAutoRead(true);
        }
    }
}
