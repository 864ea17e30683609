package dev.culvert.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.DirectOffer;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.RouteEvent;
import dev.culvert.link.proto.StreamOpen;
import dev.culvert.link.proto.StreamReply;
import dev.culvert.link.proto.WatchEvent;
import dev.culvert.link.proto.Welcome;
import dev.culvert.mux.vectors.Vector;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Our messages are those of {@code docs/vectors/messages.txt}. */
class MessageVectorsTest {
    private static final int LIMIT = 65_536;

    private static final Map<String, Message> TYPES = Map.of(
            "Control", Control.getDefaultInstance(),
            "DirectOffer", DirectOffer.getDefaultInstance(),
            "Hello", Hello.getDefaultInstance(),
            "Welcome", Welcome.getDefaultInstance(),
            "RouteEvent", RouteEvent.getDefaultInstance(),
            "StreamOpen", StreamOpen.getDefaultInstance(),
            "StreamReply", StreamReply.getDefaultInstance(),
            "WatchEvent", WatchEvent.getDefaultInstance());

    static Stream<Vector> messages() {
        return Vector.file("messages.txt");
    }

    static Stream<Vector> written() {
        return messages().filter(vector -> !vector.has("decoded"));
    }

    static Stream<Vector> travelling() {
        return messages().filter(vector -> vector.has("wire"));
    }

    @ParameterizedTest
    @MethodSource("written")
    void is_written_as_it_stands(Vector vector) throws TextFormat.ParseException {
        Message message = message(vector);
        assertThat(message.toByteArray()).containsExactly(vector.bytes("message"));
        if (vector.has("wire")) {
            ByteBuf wire = MessageWriter.encode(message, UnpooledByteBufAllocator.DEFAULT);
            assertThat(ByteBufUtil.getBytes(wire)).containsExactly(vector.bytes("wire"));
            wire.release();
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void is_parsed_as_what_it_means(Vector vector) throws Exception {
        Message parsed =
                DiscardUnknownFieldsParser.wrap(type(vector).getParserForType()).parseFrom(vector.bytes("message"));
        assertThat(parsed).isEqualTo(message(vector));
    }

    @ParameterizedTest
    @MethodSource("travelling")
    void is_read_from_a_stream_as_what_it_means(Vector vector) throws Exception {
        ByteBuf in = Unpooled.wrappedBuffer(vector.bytes("wire"), new byte[] {1, 2, 3});
        assertThat(new MessageReader<>(type(vector).getParserForType(), LIMIT).read(in))
                .isEqualTo(message(vector));
        assertThat(in.readableBytes()).isEqualTo(3);
    }

    @Test
    void every_field_of_the_schema_has_a_vector() throws Exception {
        Set<String> seen = new HashSet<>();
        for (Vector vector : messages().toList()) {
            collect(message(vector), seen);
        }
        Set<String> all = new HashSet<>();
        Control.getDescriptor()
                .getFile()
                .getMessageTypes()
                .forEach(type -> type.getFields().forEach(field -> all.add(field.getFullName())));
        assertThat(seen).containsExactlyInAnyOrderElementsOf(all);
    }

    private static void collect(Message message, Set<String> seen) {
        message.getAllFields().forEach((field, value) -> {
            seen.add(field.getFullName());
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isMapField()) {
                Iterable<?> values = field.isRepeated() ? (Iterable<?>) value : Set.of(value);
                values.forEach(inner -> collect((Message) inner, seen));
            }
        });
    }

    private static Message type(Vector vector) {
        return TYPES.get(vector.one("type"));
    }

    private static Message message(Vector vector) throws TextFormat.ParseException {
        Message.Builder builder = type(vector).newBuilderForType();
        TextFormat.merge(String.join("\n", vector.all("text")), builder);
        return builder.build();
    }
}
