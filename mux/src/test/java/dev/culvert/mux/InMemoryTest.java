package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two sessions on one event loop over Netty's in-memory channels, where each end reads inside the other's flush. */
class InMemoryTest {
    private static final int BYTES = 3 << 20;
    private static final Payload PAYLOAD = new Payload(4);

    @Test
    void megabytes_both_ways_at_once_arrive_whole() {
        SimNet.simulate(1, net -> {
            List<Channel> accepted = new ArrayList<>();
            Channel dialling = connect(net, accepted);
            MemoryBudget budget = new MemoryBudget(1 << 30, 10);
            Traffic far = new Traffic(net, PAYLOAD);
            MuxSession near = MuxSession.dial(dialling, Profile.X, MuxOptions.DEFAULT, budget, accepting(far));
            MuxSession other = MuxSession.accept(accepted.get(0), MuxOptions.DEFAULT, budget, accepting(far));
            near.establish(other.localParameters());
            other.establish(near.localParameters());
            dialling.config().setAutoRead(true);
            accepted.get(0).config().setAutoRead(true);

            Traffic caller = new Traffic(net, PAYLOAD);
            caller.write(near.open(caller), PAYLOAD, BYTES);
            net.runUntil(() -> caller.closed() && far.closed(), Duration.ofSeconds(5));

            assertThat(caller.received()).isEqualTo(BYTES);
            assertThat(far.received()).isEqualTo(BYTES);
            near.close(ErrorCode.OK, "done");
            net.advance(Duration.ofSeconds(2));
            assertThat(budget.heldBytes()).isZero();
        });
    }

    private static SessionHandler accepting(Traffic far) {
        return new SessionHandler() {
            @Override
            public StreamHandler onOpen(MuxStream stream) {
                far.write(stream, PAYLOAD, BYTES);
                return far;
            }

            @Override
            public void onClosed(MuxSession session, ErrorCode code, String reason) {
                // what is left is counted
            }
        };
    }

    private static Channel connect(SimNet net, List<Channel> accepted) {
        LocalServerChannel server = new LocalServerChannel();
        server.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext ctx, Object message) {
                Channel child = (Channel) message;
                child.config().setAutoRead(false);
                net.loop().register(child);
                accepted.add(child);
            }
        });
        net.loop().register(server);
        server.bind(new LocalAddress(InMemoryTest.class));
        LocalChannel client = new LocalChannel();
        client.config().setAutoRead(false);
        net.loop().register(client);
        client.connect(server.localAddress());
        net.runDue();
        server.close();
        return client;
    }
}
