package dev.culvert.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages and answers, put together byte by byte. [MSG-3] [CALL-3] */
final class MessageAssemblyTest {
    private static final int MAX = 1 << 20;

    /** From {@code docs/vectors/stream-messages.txt}. */
    record Vector(byte[] wire, List<byte[]> messages, String fault) {}

    static List<Vector> vectors() throws IOException {
        List<Vector> vectors = new ArrayList<>();
        String text = Files.readString(Path.of("..", "docs", "vectors", "stream-messages.txt"), UTF_8);
        for (String block : text.split("\n\n")) {
            if (!block.startsWith("#")) {
                vectors.add(vector(block));
            }
        }
        return vectors;
    }

    private static Vector vector(String block) {
        byte[] wire = {};
        String fault = "";
        List<byte[]> messages = new ArrayList<>();
        for (String line : block.strip().split("\n")) {
            String value = line.substring(10);
            if (line.startsWith("wire")) {
                wire = bytes(value);
            } else if (line.startsWith("message")) {
                messages.add(bytes(value));
            } else if (line.startsWith("fault")) {
                fault = value;
            }
        }
        return new Vector(wire, messages, fault);
    }

    private static byte[] bytes(String hex) {
        return hex.equals("-") ? new byte[0] : HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void the_documents_vectors_are_read_as_it_says(Vector vector) {
        ByteBuf wire = Unpooled.wrappedBuffer(vector.wire());
        for (byte[] expected : vector.messages()) {
            MessageAssembly assembly = new MessageAssembly(MAX);
            assertThat(assembly.take(wire)).isEqualTo(MessageAssembly.State.COMPLETE);
            assertThat(assembly.message()).isEqualTo(expected);
        }
        MessageAssembly behind = new MessageAssembly(MAX);
        MessageAssembly.State expected =
                vector.fault().equals("length") ? MessageAssembly.State.MALFORMED : MessageAssembly.State.INCOMPLETE;
        assertThat(behind.take(wire)).isEqualTo(expected);
        assertThat(wire.isReadable() && vector.fault().isEmpty()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 127, 128, 4_096, 4_097, 65_536, 65_537, 300_000})
    void what_is_written_is_read_back_however_it_is_cut(int size) {
        Random random = new Random(size);
        byte[] message = new byte[size];
        random.nextBytes(message);
        int early = random.nextInt(Math.min(size, Dial.MAX_KEPT) + 1);
        ByteBuf wire = early == 0
                ? Chunks.rest(message, 0)
                : Unpooled.wrappedBuffer(Chunks.beginning(message, early), Chunks.rest(message, early));
        MessageAssembly assembly = new MessageAssembly(size);
        MessageAssembly.State state = MessageAssembly.State.INCOMPLETE;
        while (wire.isReadable()) {
            assertThat(state).isEqualTo(MessageAssembly.State.INCOMPLETE);
            state = assembly.take(wire.readSlice(Math.min(wire.readableBytes(), 1 + random.nextInt(5_000))));
        }
        assertThat(state).isEqualTo(MessageAssembly.State.COMPLETE);
        assertThat(assembly.message()).isEqualTo(message);
    }

    @Test
    void a_message_over_its_bound_is_known_by_the_length_of_its_chunk() {
        MessageAssembly assembly = new MessageAssembly(4);
        assertThat(assembly.take(Unpooled.wrappedBuffer(bytes("0268690268"))))
                .isEqualTo(MessageAssembly.State.INCOMPLETE);
        assertThat(new MessageAssembly(4).take(Unpooled.wrappedBuffer(bytes("05"))))
                .isEqualTo(MessageAssembly.State.TOO_LARGE);
        assertThat(new MessageAssembly(4).take(Unpooled.wrappedBuffer(bytes("02686903"))))
                .isEqualTo(MessageAssembly.State.TOO_LARGE);
    }

    @Test
    void the_documents_answers_are_read_as_it_says() {
        answer("00026f6b00", 0, "ok");
        answer("0000", 0, "");
        answer("a302046f6f707300", 0x123, "oops");
    }

    private static void answer(String wire, int code, String text) {
        AnswerReader whole = new AnswerReader(MAX);
        assertThat(whole.take(Unpooled.wrappedBuffer(bytes(wire)))).isEqualTo(MessageAssembly.State.COMPLETE);
        assertThat(whole.code()).isEqualTo(code);
        assertThat(whole.message()).isEqualTo(text.getBytes(UTF_8));
        AnswerReader single = new AnswerReader(MAX);
        MessageAssembly.State state = MessageAssembly.State.INCOMPLETE;
        for (byte b : bytes(wire)) {
            state = single.take(Unpooled.wrappedBuffer(new byte[] {b}));
        }
        assertThat(state).isEqualTo(MessageAssembly.State.COMPLETE);
        assertThat(single.code()).isEqualTo(code);
    }

    @Test
    void a_code_that_is_no_code_is_malformed() {
        assertThat(new AnswerReader(MAX).take(Unpooled.wrappedBuffer(bytes("ffffffffff01"))))
                .isEqualTo(MessageAssembly.State.MALFORMED);
        assertThat(new AnswerReader(MAX).take(Unpooled.wrappedBuffer(bytes("ffffffff0f00"))))
                .isEqualTo(MessageAssembly.State.MALFORMED);
    }
}
