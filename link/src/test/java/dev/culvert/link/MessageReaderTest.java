package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Drain;
import dev.culvert.link.proto.Register;
import dev.culvert.link.proto.Registration;
import dev.culvert.link.proto.Revoked;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages preceded by their length, from bytes in any fragments. [LINK-11] [OPEN-1] */
class MessageReaderTest {
    private static final int LIMIT = 4_096;

    private final MessageReader<Control> reader = new MessageReader<>(Control.parser(), LIMIT);

    private static Control revoked(String text) {
        return Control.newBuilder()
                .setRevoked(Revoked.newBuilder().setCode(19).setText(text))
                .build();
    }

    private static byte[] encoded(Control... messages) {
        ByteBuf all = Unpooled.buffer();
        for (Control message : messages) {
            ByteBuf one = MessageWriter.encode(message, ByteBufAllocator.DEFAULT);
            all.writeBytes(one);
            one.release();
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    private List<Control> readAll(byte[] bytes, int... cuts) throws ProtocolViolation {
        List<Control> messages = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= cuts.length; i++) {
            int to = i < cuts.length ? cuts[i] : bytes.length;
            ByteBuf piece = Unpooled.wrappedBuffer(bytes, from, to - from);
            for (Control one = reader.read(piece); one != null; one = reader.read(piece)) {
                messages.add(one);
            }
            assertThat(piece.isReadable()).isFalse();
            from = to;
        }
        return messages;
    }

    @Test
    void reads_messages_split_at_every_pair_of_places() throws ProtocolViolation {
        Control[] sent = {revoked("x".repeat(130)), Control.getDefaultInstance(), revoked("")};
        byte[] bytes = encoded(sent);
        for (int first = 0; first <= bytes.length; first++) {
            for (int second = first; second <= bytes.length; second += 7) {
                assertThat(readAll(bytes, first, second)).containsExactly(sent);
            }
        }
    }

    @Test
    void reads_byte_by_byte() throws ProtocolViolation {
        Control[] sent = {revoked("y".repeat(2_000)), revoked("z")};
        byte[] bytes = encoded(sent);
        List<Control> read = new ArrayList<>();
        for (byte one : bytes) {
            Control message = reader.read(Unpooled.wrappedBuffer(new byte[] {one}));
            if (message != null) {
                read.add(message);
            }
        }
        assertThat(read).containsExactly(sent);
    }

    @Test
    void leaves_what_follows_the_message_in_the_buffer() throws ProtocolViolation {
        ByteBuf bytes = Unpooled.wrappedBuffer(encoded(revoked("a")), new byte[] {1, 2, 3});
        assertThat(reader.read(bytes)).isEqualTo(revoked("a"));
        assertThat(bytes.readableBytes()).isEqualTo(3);
        assertThat(reader.inMessage()).isFalse();
    }

    @Test
    void takes_a_message_of_the_limit_and_refuses_one_byte_more() throws ProtocolViolation {
        int overhead = revoked("x".repeat(LIMIT - 100)).getSerializedSize() - (LIMIT - 100);
        Control longest = revoked("x".repeat(LIMIT - overhead));
        assertThat(longest.getSerializedSize()).isEqualTo(LIMIT);
        assertThat(readAll(encoded(longest))).containsExactly(longest);

        Control tooLong = revoked("x".repeat(LIMIT - overhead + 1));
        assertThatThrownBy(() -> readAll(encoded(tooLong)))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessage("a message of 4097 bytes (expected: at most 4096)");
    }

    @Test
    void refuses_at_the_length_already_and_holds_no_more_than_has_come() {
        ByteBuf promise = Unpooled.wrappedBuffer(new byte[] {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f});
        assertThatThrownBy(() -> reader.read(promise)).isInstanceOf(ProtocolViolation.class);
    }

    @Test
    void refuses_a_length_without_end() {
        ByteBuf endless = Unpooled.wrappedBuffer(new byte[] {-1, -1, -1, -1, -1, -1});
        assertThatThrownBy(() -> reader.read(endless))
                .isInstanceOfSatisfying(
                        ProtocolViolation.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PROTOCOL));
    }

    @Test
    void drops_unknown_fields_and_knows_an_unknown_message_as_none() throws ProtocolViolation {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        99,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("from the future"))
                                .build())
                .build();
        Control future = Control.newBuilder().setUnknownFields(unknown).build();
        Control mixed = Control.newBuilder()
                .setDrain(Drain.newBuilder().setGraceMillis(7).setUnknownFields(unknown))
                .build();
        List<Control> read = readAll(encoded(future, mixed));
        assertThat(read.get(0)).isEqualTo(Control.getDefaultInstance());
        assertThat(read.get(0).getMessageCase()).isEqualTo(Control.MessageCase.MESSAGE_NOT_SET);
        assertThat(read.get(1).getDrain())
                .isEqualTo(Drain.newBuilder().setGraceMillis(7).build());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void survives_mutated_messages(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = encoded(revoked("some text"), registration(random), revoked("more"));
            for (int hits = random.nextInt(4); hits >= 0; hits--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            readOrViolate(seed, round, bytes, random);
        }
    }

    private static void readOrViolate(long seed, int round, byte[] bytes, Random random) {
        MessageReader<Control> one = new MessageReader<>(Control.parser(), LIMIT);
        ByteBuf in = Unpooled.wrappedBuffer(bytes);
        try {
            while (in.isReadable()) {
                ByteBuf piece = in.readSlice(Math.min(in.readableBytes(), 1 + random.nextInt(40)));
                while (one.read(piece) != null) {
                    assertThat(piece.readableBytes()).isLessThan(bytes.length);
                }
            }
        } catch (ProtocolViolation e) {
            assertThat(e.text()).as("seed %d round %d", seed, round).isNotBlank();
        }
    }

    private static Control registration(Random random) {
        Registration registration = Registration.newBuilder()
                .setId(random.nextInt())
                .setService("web")
                .putLabels("zone", "a" + random.nextInt())
                .setPublicPort(random.nextInt(65_536))
                .build();
        return Control.newBuilder()
                .setRegister(Register.newBuilder().setRegistration(registration))
                .build();
    }
}
