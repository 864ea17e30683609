package dev.culvert.mux.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The simulated network keeps its own promises. */
class SimLinkTest {
    private static final Payload PAYLOAD = new Payload(7);

    @Test
    void bytes_arrive_after_the_delay_and_not_before() {
        SimNet.simulate(1, net -> {
            SimLink link = net.link(Wire.wan(Duration.ofMillis(200), 0));
            Reader reader = new Reader(link.acceptor());
            link.dialler().writeAndFlush(PAYLOAD.slice(net.alloc(), 0, 1000));

            net.advance(Duration.ofMillis(99));
            assertThat(reader.total).isZero();
            net.advance(Duration.ofMillis(1));
            assertThat(reader.total).isEqualTo(1000);
        });
    }

    @Test
    void a_line_with_a_rate_takes_its_time() {
        SimNet.simulate(1, net -> {
            SimLink link = net.link(new Wire(0, 1_000_000, 4 << 20, Chop.whole()));
            Reader reader = new Reader(link.acceptor());
            link.dialler().writeAndFlush(PAYLOAD.slice(net.alloc(), 0, 1_000_000));

            net.advance(Duration.ofMillis(500));
            assertThat(reader.total).isBetween(480_000L, 500_000L);
            net.advance(Duration.ofMillis(501));
            assertThat(reader.total).isEqualTo(1_000_000);
        });
    }

    @Test
    void a_reader_that_stops_makes_the_writer_unwritable() {
        SimNet.simulate(1, net -> {
            SimLink link = net.link(Wire.lan().withBuffer(10_000));
            Reader reader = new Reader(link.acceptor());
            link.acceptor().config().setAutoRead(false);
            net.runDue();
            for (int i = 0; i < 10; i++) {
                link.dialler().writeAndFlush(PAYLOAD.slice(net.alloc(), i * 10_000L, 10_000));
            }
            net.advance(Duration.ofSeconds(1));
            assertThat(link.dialler().isWritable()).isFalse();
            assertThat(link.bytesInFlight()).isEqualTo(10_000);

            link.acceptor().config().setAutoRead(true);
            net.runUntil(() -> reader.total == 100_000, Duration.ofSeconds(1));
            assertThat(link.dialler().isWritable()).isTrue();
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 4096})
    void chopped_reads_lose_nothing(int size) {
        SimNet.simulate(size, net -> {
            SimLink link = net.link(Wire.lan().withChop(Chop.of(size)));
            Reader reader = new Reader(link.acceptor());
            link.dialler().writeAndFlush(PAYLOAD.slice(net.alloc(), 0, 20_000));
            net.runUntil(() -> reader.total == 20_000, Duration.ofSeconds(1));
            assertThat(reader.sizes).allMatch(read -> read <= size);
        });
    }

    @Test
    void silence_after_loss_and_everything_in_order_after_healing() {
        SimNet.simulate(1, net -> {
            SimLink link = net.link(Wire.wan(Duration.ofMillis(20), 0));
            Reader reader = new Reader(link.acceptor());
            link.dialler().writeAndFlush(PAYLOAD.slice(net.alloc(), 0, 100));
            net.advance(Duration.ofMillis(5));
            link.lose();
            link.dialler().writeAndFlush(PAYLOAD.slice(net.alloc(), 100, 100));
            net.advance(Duration.ofHours(1));
            assertThat(reader.total).isZero();
            assertThat(reader.ended).isFalse();

            link.heal();
            link.dialler().writeAndFlush(PAYLOAD.slice(net.alloc(), 200, 100));
            net.advance(Duration.ofMillis(10));
            assertThat(reader.total).isEqualTo(300);
        });
    }

    @Test
    void an_orderly_close_is_seen_after_the_last_byte() {
        SimNet.simulate(1, net -> {
            SimLink link = net.link(Wire.lan());
            Reader reader = new Reader(link.acceptor());
            link.dialler().writeAndFlush(PAYLOAD.slice(net.alloc(), 0, 50_000));
            link.dialler().close();
            net.advance(Duration.ofMillis(1));
            assertThat(reader.total).isEqualTo(50_000);
            assertThat(reader.ended).isTrue();
        });
    }

    @Test
    void a_leaked_buffer_fails_the_simulation_and_names_the_seed() {
        assertThatThrownBy(() -> SimNet.simulate(99, net -> net.alloc().buffer(10)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 99")
                .hasMessageContaining("not released");
    }

    @Test
    void a_condition_that_never_comes_fails_with_the_seed() {
        assertThatThrownBy(() -> SimNet.simulate(98, net -> net.runUntil(() -> false, Duration.ofDays(1))))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed 98");
    }

    @Test
    void frames_parse_at_every_boundary() {
        SimNet.simulate(1, net -> {
            Frame sent = Frame.data(1, Frame.SYN, 5, "hello");
            ByteBuf bytes = sent.encode(net.alloc());
            for (int cut = 0; cut <= bytes.readableBytes(); cut++) {
                List<Frame> seen = new ArrayList<>();
                FrameParser parser = new FrameParser(true, seen::add);
                parser.feed(bytes.slice(0, cut));
                parser.feed(bytes.slice(cut, bytes.readableBytes() - cut));
                assertThat(seen).singleElement().hasToString(sent.toString());
                assertThat(seen.get(0).text()).isEqualTo("hello");
                assertThat(parser.atBoundary()).isTrue();
            }
            bytes.release();
        });
    }

    private static final class Reader extends ChannelInboundHandlerAdapter {
        private final List<Integer> sizes = new ArrayList<>();
        private long total;
        private boolean ended;

        Reader(Channel channel) {
            channel.pipeline().addLast(this);
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            PAYLOAD.check(total, bytes);
            total += bytes.readableBytes();
            sizes.add(bytes.readableBytes());
            bytes.release();
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            ended = true;
        }
    }
}
