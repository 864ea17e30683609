package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private final EmbeddedChannel channel = new EmbeddedChannel();

    FrameReaderTest() {
        MuxOptions options = MuxOptions.DEFAULT;
        MuxSession session = MuxSession.accept(channel, options, new MemoryBudget(1 << 20, 1), new NoStreams());
        session.establish(PeerParameters.PLAIN);
    }

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @Test
    void answers_are_sent_before_the_end_of_a_long_read() {
        channel.pipeline().fireChannelRead(pings(FrameReader.FRAMES_BETWEEN_FLUSHES));

        assertThat(answers()).isEqualTo(FrameReader.FRAMES_BETWEEN_FLUSHES - 1);
    }

    @Test
    void answers_of_a_short_read_leave_together_at_its_end() {
        channel.pipeline().fireChannelRead(pings(FrameReader.FRAMES_BETWEEN_FLUSHES - 1));
        assertThat(answers()).isZero();

        channel.pipeline().fireChannelReadComplete();
        assertThat(answers()).isEqualTo(FrameReader.FRAMES_BETWEEN_FLUSHES - 1);
    }

    private static ByteBuf pings(int count) {
        ByteBuf frames = Unpooled.buffer();
        for (int i = 0; i < count; i++) {
            FrameHeader.write(frames, Profile.Y, FrameHeader.typeAndFlags(FrameHeader.PING, FrameHeader.SYN), 0, i);
        }
        return frames;
    }

    /** Answers to pings that have left since the last look. */
    private int answers() {
        int answers = 0;
        for (ByteBuf sent = channel.readOutbound(); sent != null; sent = channel.readOutbound()) {
            while (sent.isReadable()) {
                long word = sent.readLong();
                sent.skipBytes(Integer.BYTES);
                answers += FrameHeader.type(word) == FrameHeader.PING && FrameHeader.flags(word) == FrameHeader.ACK
                        ? 1
                        : 0;
            }
            sent.release();
        }
        return answers;
    }

    private static final class NoStreams implements SessionHandler {
        @Override
        public StreamHandler onOpen(MuxStream stream) {
            throw new IllegalStateException("not reached");
        }

        @Override
        public void onClosed(MuxSession session, ErrorCode code, String reason) {
            // at the end of the test
        }
    }
}
