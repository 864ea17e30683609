package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** [MUX-1] [MUX-14] */
class FrameDecoderTest {
    private final List<String> heard = new ArrayList<>();
    private final StringBuilder payload = new StringBuilder();
    private final FrameDecoder decoder = new FrameDecoder(new Recorder());
    private boolean over;

    @Test
    void a_header_is_what_was_written() throws ProtocolViolation {
        decoder.decode(frame(FrameHeader.PING, FrameHeader.ACK, 0xffff_fffe, 0x8000_0001));
        assertThat(heard).containsExactly("v1 t2 f2 id4294967294 length2147483649");
    }

    @Test
    void a_header_in_pieces_is_the_same_header() throws ProtocolViolation {
        ByteBuf whole = frame(FrameHeader.PING, FrameHeader.ACK, 0x8102_0304, 0x8506_0708);
        while (whole.isReadable()) {
            decoder.decode(whole.readSlice(1));
        }
        assertThat(heard).containsExactly("v1 t2 f2 id2164392708 length2231764744");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 11, 12, 13, 17, 1000})
    void frames_may_be_cut_anywhere(int piece) throws ProtocolViolation {
        ByteBuf all = Unpooled.wrappedBuffer(
                frame(FrameHeader.DATA, FrameHeader.SYN, 1, 5),
                text("hello"),
                frame(FrameHeader.WINDOW_UPDATE, 0, 1, 9),
                frame(FrameHeader.DATA, 0, 1, 0),
                frame(FrameHeader.DATA, FrameHeader.FIN, 1, 6),
                text(" world"),
                frame(FrameHeader.GO_AWAY, 0, 0, 0));
        while (all.isReadable()) {
            decoder.decode(all.readSlice(Math.min(piece, all.readableBytes())));
        }
        assertThat(payload).hasToString("hello| world|");
        assertThat(heard)
                .containsExactly(
                        "v1 t0 f1 id1 length5",
                        "v1 t1 f0 id1 length9",
                        "v1 t0 f0 id1 length0",
                        "v1 t0 f4 id1 length6",
                        "v1 t3 f0 id0 length0");
    }

    @Test
    void nothing_is_read_once_the_sink_is_over() throws ProtocolViolation {
        over = true;
        ByteBuf in = frame(FrameHeader.PING, 0, 0, 0);
        decoder.decode(in);
        assertThat(heard).isEmpty();
        assertThat(in.readableBytes()).isEqualTo(FrameHeader.LENGTH);
    }

    @Test
    void what_the_sink_leaves_of_the_payload_is_skipped() throws ProtocolViolation {
        FrameDecoder lazy = new FrameDecoder(new FrameDecoder.Sink() {
            @Override
            public void onHeader(long word, int length) {
                heard.add("frame");
            }

            @Override
            public void onPayload(ByteBuf in, int bytes, boolean last) {
                in.readByte();
            }

            @Override
            public boolean isOver() {
                return false;
            }
        });
        lazy.decode(Unpooled.wrappedBuffer(
                frame(FrameHeader.DATA, 0, 1, 5), text("12345"), frame(FrameHeader.DATA, 0, 1, 0)));
        assertThat(heard).containsExactly("frame", "frame");
    }

    private static ByteBuf frame(int type, int flags, int id, int length) {
        ByteBuf out = Unpooled.buffer();
        FrameHeader.write(out, Profile.X, FrameHeader.typeAndFlags(type, flags), id, length);
        return out;
    }

    private static ByteBuf text(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }

    private final class Recorder implements FrameDecoder.Sink {
        @Override
        public void onHeader(long word, int length) {
            heard.add("v" + FrameHeader.version(word) + " t" + FrameHeader.type(word) + " f" + FrameHeader.flags(word)
                    + " id" + Integer.toUnsignedString(FrameHeader.id(word)) + " length"
                    + Integer.toUnsignedString(length));
        }

        @Override
        public void onPayload(ByteBuf in, int bytes, boolean last) {
            payload.append(in.readCharSequence(bytes, StandardCharsets.US_ASCII));
            if (last) {
                payload.append('|');
            }
        }

        @Override
        public boolean isOver() {
            return over;
        }
    }
}
