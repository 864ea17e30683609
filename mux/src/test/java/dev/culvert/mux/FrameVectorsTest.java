package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.mux.sim.Frame;
import dev.culvert.mux.sim.FrameParser;
import dev.culvert.mux.vectors.Vector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our frames are those of {@code docs/vectors/frames.txt}, and so are those of the tests' own oracle. [MUX-1] */
class FrameVectorsTest {
    private static final Map<String, Integer> TYPES = Map.of(
            "Data", FrameHeader.DATA,
            "WindowUpdate", FrameHeader.WINDOW_UPDATE,
            "Ping", FrameHeader.PING,
            "GoAway", FrameHeader.GO_AWAY);

    private static final Map<String, Integer> FLAGS = Map.of(
            "-", 0,
            "SYN", FrameHeader.SYN,
            "ACK", FrameHeader.ACK,
            "FIN", FrameHeader.FIN,
            "RST", FrameHeader.RST,
            "STOP", FrameHeader.STOP);

    static Stream<Vector> frames() {
        return Vector.file("frames.txt");
    }

    @ParameterizedTest
    @MethodSource("frames")
    void is_written_as_it_stands(Vector vector) throws ProtocolViolation {
        Frame frame = frame(vector);
        ByteBuf out = Unpooled.buffer();
        int typeAndFlags = FrameHeader.typeAndFlags(frame.type(), frame.flags());
        FrameHeader.write(out, Profile.of(frame.version()), typeAndFlags, frame.id(), frame.length());
        out.writeBytes(frame.payload());

        assertThat(ByteBufUtil.getBytes(out)).containsExactly(vector.bytes("bytes"));
    }

    @ParameterizedTest
    @MethodSource("frames")
    void is_read_as_what_it_means(Vector vector) throws ProtocolViolation {
        Heard heard = new Heard();
        new FrameDecoder(heard).decode(Unpooled.wrappedBuffer(vector.bytes("bytes")));

        Frame frame = frame(vector);
        assertThat(FrameHeader.version(heard.word)).isEqualTo(frame.version());
        assertThat(FrameHeader.type(heard.word)).isEqualTo(frame.type());
        assertThat(FrameHeader.flags(heard.word)).isEqualTo(frame.flags());
        assertThat(FrameHeader.id(heard.word)).isEqualTo(frame.id());
        assertThat(heard.length).isEqualTo(frame.length());
        assertThat(ByteBufUtil.getBytes(heard.payload)).containsExactly(frame.payload());
    }

    @ParameterizedTest
    @MethodSource("frames")
    void the_oracle_agrees(Vector vector) {
        Frame frame = frame(vector);
        byte[] bytes = vector.bytes("bytes");
        assertThat(frame.bytes()).containsExactly(bytes);

        List<Frame> parsed = new ArrayList<>();
        new FrameParser(true, parsed::add).feed(Unpooled.wrappedBuffer(bytes));
        assertThat(parsed).singleElement().usingRecursiveComparison().isEqualTo(frame);
    }

    @Test
    void every_type_and_every_flag_has_a_vector() {
        List<Frame> all = frames().map(FrameVectorsTest::frame).toList();
        assertThat(all.stream().map(Frame::type).collect(Collectors.toSet()))
                .containsExactlyInAnyOrderElementsOf(TYPES.values());
        assertThat(all.stream().map(Frame::flags).collect(Collectors.toSet())).containsAll(FLAGS.values());
    }

    private static Frame frame(Vector vector) {
        int flags =
                Stream.of(vector.one("flags").split("\\|")).mapToInt(FLAGS::get).sum();
        return new Frame(
                (int) vector.number("version"),
                TYPES.get(vector.one("type")),
                flags,
                (int) vector.number("stream"),
                (int) vector.number("length"),
                vector.bytes("payload"));
    }

    private static final class Heard implements FrameDecoder.Sink {
        private final ByteBuf payload = Unpooled.buffer();
        private long word;
        private int length;

        @Override
        public void onHeader(long head, int bytes) {
            word = head;
            length = bytes;
        }

        @Override
        public void onPayload(ByteBuf in, int bytes, boolean last) {
            payload.writeBytes(in, bytes);
        }

        @Override
        public boolean isOver() {
            return false;
        }
    }
}
