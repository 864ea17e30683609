package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.link.proto.Control;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * Any bytes on stream 1, before and after Welcome, neither crash a relay nor leave anything behind. With {@code JAZZER_FUZZ=1} these
 * run for long; without, over their seeds. [LINK-11] [LINK-12]
 */
class HandshakeFuzzTest {
    private static final int PIECE = 8_192;

    @FuzzTest(maxDuration = "10m")
    void a_message_reader_survives_any_bytes(byte[] bytes) {
        MessageReader<Control> reader = new MessageReader<>(Control.parser(), ControlStream.LIMIT);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        try {
            while (reader.read(in) != null) {
                assertThat(in.readableBytes()).isLessThan(bytes.length);
            }
            assertThat(in.isReadable()).isFalse();
        } catch (ProtocolViolation e) {
            assertThat(e.text()).isNotBlank();
        }
    }

    @FuzzTest(maxDuration = "10m")
    void a_relay_survives_any_bytes_instead_of_hello(byte[] bytes) {
        SimWorld.play(1, world -> {
            SimRelay relay = world.relay("relay1");
            Script script = new Script(world, relay);
            script.says(Arrays.copyOf(bytes, Math.min(bytes.length, PIECE))).hears(11_000);
            assertThat(script.raw.closed()).isTrue();
            assertThat(relay.sessions.events).isEmpty();
            assertThat(relay.acceptor.sessions()).isEmpty();
        });
    }

    @FuzzTest(maxDuration = "10m")
    void a_relay_survives_any_bytes_after_welcome(byte[] bytes) {
        SimWorld.play(2, world -> {
            SimRelay relay = world.relay("relay1");
            Script script = new Script(world, relay);
            script.says(Script.bytes(script.hello(1))).hears(100);
            script.goesOn(Arrays.copyOf(bytes, Math.min(bytes.length, PIECE))).hears(100);
            script.raw.close();
            world.advance(1_000);
            assertThat(relay.sessions.admitted).isEqualTo(1);
            assertThat(relay.sessions.down).isEqualTo(1);
            assertThat(relay.acceptor.sessions()).isEmpty();
        });
    }
}
