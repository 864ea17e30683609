package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StreamTableTest {
    private final MuxSession session = MuxSession.dial(
            new EmbeddedChannel(), Profile.X, MuxOptions.DEFAULT, new MemoryBudget(1 << 20, 1), new SessionHandler() {
                @Override
                public StreamHandler onOpen(MuxStream stream) {
                    return UnclaimedStream.HANDLER;
                }

                @Override
                public void onClosed(MuxSession over, ErrorCode code, String reason) {
                    // never asked
                }
            });
    private final StreamTable table = new StreamTable();

    @Test
    void agrees_with_a_map_under_random_puts_and_removes() {
        Random random = new Random(5);
        Map<Integer, MuxStream> model = new HashMap<>();
        for (int step = 0; step < 200_000; step++) {
            int id = 1 + random.nextInt(5_000) * (random.nextBoolean() ? 1 : 65_536);
            MuxStream known = model.get(id);
            assertThat(table.get(id)).isSameAs(known);
            if (known != null) {
                table.remove(id);
                model.remove(id);
            } else if (random.nextInt(100_000) > step % 100_000) {
                MuxStream stream = MuxStream.inbound(session, 1, id, false);
                table.put(stream);
                model.put(id, stream);
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
        Set<MuxStream> visited = new HashSet<>();
        table.forEach(visited::add);
        assertThat(visited).isEqualTo(new HashSet<>(model.values()));
    }

    @Test
    void visitors_may_empty_the_table() {
        for (int id = 1; id < 1000; id++) {
            table.put(MuxStream.inbound(session, 1, id, false));
        }
        table.forEach(stream -> table.remove(stream.id()));
        assertThat(table.size()).isZero();
        table.remove(7);
        assertThat(table.get(7)).isNull();
    }
}
