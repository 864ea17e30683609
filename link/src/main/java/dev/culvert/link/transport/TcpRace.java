package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers: the next one starts after a stagger, or at once when one failed (RFC 8305
 * section 5). Owned by its event loop. Cancelling the future closes what was begun.
 */
final class TcpRace {
    private static final long STAGGER_MILLIS = 250;

    private final EventLoop loop;
    private final Iterator<InetAddress> rest;
    private final Function<InetAddress, ChannelFuture> dial;
    private final Promise<Channel> winner;
    private final List<ChannelFuture> running = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();
    private @Nullable ScheduledFuture<?> stagger;

    private TcpRace(EventLoop loop, List<InetAddress> addresses, Function<InetAddress, ChannelFuture> dial) {
        this.loop = loop;
        this.rest = addresses.iterator();
        this.dial = dial;
        this.winner = loop.newPromise();
    }

    /** No address answered. The message says why, for each. */
    static final class Lost extends Exception {
        private static final long serialVersionUID = 1L;

        Lost(String message) {
            super(message);
        }
    }

    /** On the loop. Fails with {@link Lost}. */
    static Future<Channel> run(
            EventLoop loop, List<InetAddress> addresses, long limitMillis, Function<InetAddress, ChannelFuture> dial) {
        TcpRace race = new TcpRace(loop, addresses, dial);
        ScheduledFuture<?> deadline = loop.schedule(
                () -> race.lose("no answer within " + limitMillis + " ms"), limitMillis, TimeUnit.MILLISECONDS);
        race.winner.addListener(done -> {
            deadline.cancel(false);
            race.end();
        });
        race.startNext();
        return race.winner;
    }

    private void startNext() {
        if (winner.isDone()) {
            return;
        }
        if (!rest.hasNext()) {
            if (running.isEmpty()) {
                lose("");
            }
            return;
        }
        InetAddress address = rest.next();
        ChannelFuture attempt = dial.apply(address);
        running.add(attempt);
        cancelStagger();
        stagger = loop.schedule(this::startNext, STAGGER_MILLIS, TimeUnit.MILLISECONDS);
        attempt.addListener(done -> onDone(address, attempt));
    }

    private void onDone(InetAddress address, ChannelFuture attempt) {
        running.remove(attempt);
        if (attempt.isSuccess()) {
            if (!winner.trySuccess(attempt.channel())) {
                attempt.channel().close();
            }
        } else if (!winner.isDone()) {
            failures.add(reason(address, attempt.cause()));
            startNext();
        }
    }

    private void lose(String also) {
        if (!also.isEmpty()) {
            failures.add(also);
        }
        winner.tryFailure(new Lost(String.join(", ", failures)));
    }

    private void end() {
        cancelStagger();
        List.copyOf(running).forEach(attempt -> {
            attempt.cancel(false);
            attempt.channel().close();
        });
    }

    private void cancelStagger() {
        if (stagger != null) {
            stagger.cancel(false);
        }
    }

    /** Netty's texts name the address at their end, and so do we. */
    private static String reason(InetAddress address, Throwable cause) {
        String text = String.valueOf(cause.getMessage());
        int detail = text.indexOf(": " + address);
        String what = detail > 0 ? text.substring(0, detail) : text;
        return what.replaceFirst("^(finishConnect|connect)\\(\\.\\.\\) failed( with error\\(-?\\d+\\))?: ", "") + " at "
                + address.getHostAddress();
    }
}
