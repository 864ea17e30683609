package dev.culvert.link.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** On virtual time: each attempt is a promise that the test keeps. */
class TcpRaceTest {
    private final EmbeddedChannel clock = new EmbeddedChannel();
    private final List<ChannelPromise> attempts = new ArrayList<>();
    private final List<EmbeddedChannel> channels = new ArrayList<>();

    @Test
    void the_next_starts_after_a_stagger_and_the_first_to_answer_wins() throws UnknownHostException {
        Future<Channel> race = race(3, 10_000);
        assertThat(attempts).hasSize(1);
        pass(249);
        assertThat(attempts).hasSize(1);
        pass(1);
        assertThat(attempts).hasSize(2);
        pass(250);
        assertThat(attempts).hasSize(3);
        attempts.get(1).setSuccess();
        assertThat(race.getNow()).isSameAs(channels.get(1));
        assertThat(channels.get(0).isOpen()).isFalse();
        assertThat(channels.get(1).isOpen()).isTrue();
        assertThat(channels.get(2).isOpen()).isFalse();
    }

    @Test
    void the_next_starts_at_once_when_one_fails() throws UnknownHostException {
        Future<Channel> race = race(3, 10_000);
        attempts.get(0).setFailure(new IOException("Connection refused: /10.0.0.1:1"));
        assertThat(attempts).hasSize(2);
        attempts.get(1).setFailure(new IOException("Network is unreachable"));
        assertThat(attempts).hasSize(3);
        attempts.get(2).setFailure(new IOException("Connection refused: /10.0.0.3:1"));
        assertThat(race.cause())
                .isInstanceOf(TcpRace.Lost.class)
                .hasMessage(
                        "Connection refused at 10.0.0.1, Network is unreachable at 10.0.0.2, Connection refused at 10.0.0.3");
    }

    @Test
    void all_have_one_limit_together() throws UnknownHostException {
        Future<Channel> race = race(2, 1000);
        pass(999);
        assertThat(race.isDone()).isFalse();
        pass(1);
        assertThat(race.cause()).hasMessage("no answer within 1000 ms");
        assertThat(channels).allMatch(channel -> !channel.isOpen());
    }

    @Test
    void cancelling_ends_all_attempts_and_starts_no_more() throws UnknownHostException {
        Future<Channel> race = race(3, 1000);
        pass(250);
        race.cancel(false);
        pass(5000);
        assertThat(attempts).hasSize(2);
        assertThat(channels).allMatch(channel -> !channel.isOpen());
    }

    @Test
    void no_address_at_all_is_lost_at_once() throws UnknownHostException {
        assertThat(race(0, 1000).cause()).isInstanceOf(TcpRace.Lost.class);
    }

    private Future<Channel> race(int addresses, long limitMillis) throws UnknownHostException {
        List<InetAddress> all = new ArrayList<>();
        for (int i = 1; i <= addresses; i++) {
            all.add(InetAddress.getByName("10.0.0." + i));
        }
        clock.freezeTime();
        return TcpRace.run(clock.eventLoop(), all, limitMillis, this::dial);
    }

    private ChannelFuture dial(InetAddress address) {
        EmbeddedChannel channel = new EmbeddedChannel();
        ChannelPromise attempt = channel.newPromise();
        channels.add(channel);
        attempts.add(attempt);
        return attempt;
    }

    private void pass(long millis) {
        clock.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        clock.runScheduledPendingTasks();
        channels.forEach(EmbeddedChannel::runPendingTasks);
    }
}
