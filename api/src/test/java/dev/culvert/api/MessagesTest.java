package dev.culvert.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages on a stream. [MSG] */
final class MessagesTest {
    private static final int MAX = 1 << 20;

    @ParameterizedTest
    @MethodSource("dev.culvert.api.MessageVectors#all")
    void the_documents_vectors_are_read_as_it_says(MessageVectors vector) throws IOException {
        for (InputStream input : List.of(new ByteArrayInputStream(vector.wire()), inSingleBytes(vector.wire()))) {
            ScriptedStream stream = new ScriptedStream(input);
            Messages messages = Messages.over(stream);
            for (byte[] expected : vector.messages()) {
                assertThat(messages.receive(MAX)).isEqualTo(expected);
            }
            if (vector.fault().isEmpty()) {
                assertThat(messages.receive(MAX)).isNull();
                assertThat(stream.resetCode).isEqualTo(-1);
            } else {
                assertThatThrownBy(() -> messages.receive(MAX))
                        .isInstanceOfSatisfying(
                                MessageException.class,
                                e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL));
                assertThat(stream.resetCode).isEqualTo(ErrorCode.PROTOCOL.number());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("dev.culvert.api.MessageVectors#all")
    void our_writer_writes_the_vectors_that_are_ours(MessageVectors vector) throws IOException {
        ScriptedStream whole = ScriptedStream.of(new byte[0]);
        ScriptedStream pieces = ScriptedStream.of(new byte[0]);
        for (byte[] message : vector.messages()) {
            Messages.over(whole).send(message);
            try (OutputStream out = Messages.over(pieces).writer().begin()) {
                for (byte b : message) {
                    out.write(b);
                }
            }
        }
        if (vector.ours()) {
            assertThat(whole.sent.toByteArray()).isEqualTo(vector.wire());
            assertThat(pieces.sent.toByteArray()).isEqualTo(vector.wire());
        }
    }

    @Test
    void messages_of_every_size_arrive_as_they_were_sent() throws IOException {
        Random random = new Random(11);
        List<byte[]> sent = new ArrayList<>();
        for (int size : new int[] {0, 1, 127, 128, 8_191, 8_192, 8_193, 65_535, 65_536, 65_537, 200_000}) {
            byte[] message = new byte[size];
            random.nextBytes(message);
            sent.add(message);
        }
        ScriptedStream out = ScriptedStream.of(new byte[0]);
        for (byte[] message : sent) {
            Messages.over(out).send(message);
            Messages.over(out).writer().copyFrom(new ByteArrayInputStream(message));
            try (OutputStream pieces = Messages.over(out).writer().begin()) {
                for (int done = 0; done < message.length; ) {
                    int part = Math.min(message.length - done, 1 + random.nextInt(12_000));
                    pieces.write(message, done, part);
                    done += part;
                }
            }
        }

        Messages in = Messages.over(ScriptedStream.of(out.sent.toByteArray()));
        for (byte[] message : sent) {
            assertThat(in.receive(MAX)).isEqualTo(message);
            assertThat(in.receive(MAX)).isEqualTo(message);
            ByteArrayOutputStream copied = new ByteArrayOutputStream();
            assertThat(in.reader().copyTo(copied)).isEqualTo(message.length);
            assertThat(copied.toByteArray()).isEqualTo(message);
        }
        assertThat(in.receive(MAX)).isNull();
        assertThat(in.reader().copyTo(new ByteArrayOutputStream())).isEqualTo(-1);
    }

    @Test
    void a_message_that_is_too_large_is_skipped_and_the_next_one_received() throws IOException {
        Messages in = Messages.over(ScriptedStream.of(wire("much too long", "short")));

        assertThatThrownBy(() -> in.receive(5))
                .isInstanceOfSatisfying(
                        MessageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessageContaining("5 bytes");
        assertThat(in.receive(5)).isEqualTo("short".getBytes(UTF_8));
    }

    @Test
    void closing_a_message_early_moves_on_to_the_next() throws IOException {
        Messages in = Messages.over(ScriptedStream.of(wire("first", "second", "third")));

        InputStream first = in.reader().next();
        assertThat(first.read()).isEqualTo('f');
        first.close();
        assertThatThrownBy(first::read).isInstanceOf(IOException.class).hasMessageContaining("closed");
        assertThat(in.reader().next().readAllBytes()).isEqualTo("second".getBytes(UTF_8));
        in.reader().next();
        assertThat(in.reader().next()).isNull();
    }

    @Test
    void a_flushed_piece_can_be_read_before_the_message_is_complete() throws IOException {
        ScriptedStream out = ScriptedStream.of(new byte[0]);
        OutputStream message = Messages.over(out).writer().begin();
        message.write("half".getBytes(UTF_8));
        message.flush();

        InputStream neverMore = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("asked for a byte behind what was wanted");
            }
        };
        InputStream both = new SequenceInputStream(new ByteArrayInputStream(out.sent.toByteArray()), neverMore);
        InputStream half = Messages.over(new ScriptedStream(both)).reader().next();
        assertThat(half.readNBytes(4)).isEqualTo("half".getBytes(UTF_8));
    }

    @Test
    void one_message_is_written_at_a_time() throws IOException {
        Messages out = Messages.over(ScriptedStream.of(new byte[0]));
        OutputStream first = out.writer().begin();

        assertThatThrownBy(() -> out.writer().begin()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> out.send(new byte[1])).isInstanceOf(IllegalStateException.class);
        first.close();
        first.close();
        assertThatThrownBy(() -> first.write(1)).isInstanceOf(IOException.class);
        out.send(new byte[1]);
    }

    @Test
    void a_source_that_fails_takes_the_half_message_back() {
        ScriptedStream out = ScriptedStream.of(new byte[0]);
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the disk is gone");
            }
        };

        assertThatThrownBy(() -> Messages.over(out).writer().copyFrom(broken)).hasMessage("the disk is gone");
        assertThat(out.resetCode).isEqualTo(ErrorCode.CANCELLED.number());
        assertThat(out.sent.size()).isZero();
    }

    @Test
    void a_stream_that_is_lost_within_a_message_fails_the_reader() {
        InputStream lost = new SequenceInputStream(new ByteArrayInputStream(new byte[] {5, 'h'}), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new StreamResetException(ErrorCode.LINK_LOST.number(), "the stream was reset");
            }
        });
        assertThatThrownBy(() -> Messages.over(new ScriptedStream(lost)).receive(MAX))
                .isInstanceOfSatisfying(
                        StreamResetException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.LINK_LOST));
    }

    private static byte[] wire(String... messages) throws IOException {
        ScriptedStream out = ScriptedStream.of(new byte[0]);
        for (String message : messages) {
            Messages.over(out).send(message.getBytes(UTF_8));
        }
        return out.sent.toByteArray();
    }

    private static InputStream inSingleBytes(byte[] bytes) {
        return new FilterInputStream(new ByteArrayInputStream(bytes)) {
            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return super.read(into, offset, Math.min(1, length));
            }
        };
    }
}
