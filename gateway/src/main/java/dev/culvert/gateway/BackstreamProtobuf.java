package dev.culvert.gateway;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Messages of backstream as Protocol Buffers. Fields: a message has id 1, type 2, data 3; a request method 1, path 2, query 3, headers 4,
 * body 5; a response status 1, headers 2, body 3. Headers are a map from names (1) to lists (2) of values (1), each with a text (3).
 */
final class BackstreamProtobuf implements BackstreamWire {
    private static final int TEXT_OF_VALUE = 3;

    @Override
    public byte[] write(Message message) {
        return written(out -> {
            out.writeString(1, message.id());
            out.writeEnum(2, message.type().number());
            out.writeByteArray(3, message.data());
        });
    }

    @Override
    public byte[] write(Asked asked) {
        return written(out -> {
            out.writeString(1, asked.method());
            out.writeString(2, asked.path());
            out.writeString(3, asked.query());
            for (Map.Entry<String, List<String>> field : asked.headers().entrySet()) {
                byte[] values = written(list -> {
                    for (String value : field.getValue()) {
                        list.writeByteArray(1, written(text -> text.writeString(TEXT_OF_VALUE, value)));
                    }
                });
                out.writeByteArray(4, written(entry -> {
                    entry.writeString(1, field.getKey());
                    entry.writeByteArray(2, values);
                }));
            }
            out.writeByteArray(5, asked.body());
        });
    }

    /** Writes fields. */
    private interface Fields {
        void to(CodedOutputStream out) throws IOException;
    }

    private static byte[] written(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.to(out);
            out.flush();
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        return bytes.toByteArray();
    }

    @Override
    public Message readMessage(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        String id = "";
        int type = 0;
        byte[] data = new byte[0];
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> id = in.readStringRequireUtf8();
                case 2 -> type = in.readEnum();
                case 3 -> data = in.readByteArray();
                default -> in.skipField(tag);
            }
        }
        return new Message(id, Type.of(type), data);
    }

    @Override
    public Answered readAnswered(byte[] bytes) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(bytes);
        int status = 0;
        Map<String, List<String>> headers = new LinkedHashMap<>();
        byte[] body = new byte[0];
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> status = in.readInt32();
                case 2 -> readField(in.readBytes(), headers);
                case 3 -> body = in.readByteArray();
                default -> in.skipField(tag);
            }
        }
        return new Answered(status, headers, body);
    }

    private static void readField(ByteString bytes, Map<String, List<String>> headers) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        String name = "";
        List<String> values = new ArrayList<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            switch (WireFormat.getTagFieldNumber(tag)) {
                case 1 -> name = in.readStringRequireUtf8();
                case 2 -> readValues(in.readBytes(), values);
                default -> in.skipField(tag);
            }
        }
        headers.put(name, values);
    }

    private static void readValues(ByteString bytes, List<String> values) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            if (WireFormat.getTagFieldNumber(tag) == 1) {
                values.add(readText(in.readBytes()));
            } else {
                in.skipField(tag);
            }
        }
    }

    private static String readText(ByteString bytes) throws IOException {
        CodedInputStream in = bytes.newCodedInput();
        int tag = in.readTag();
        if (WireFormat.getTagFieldNumber(tag) != TEXT_OF_VALUE) {
            throw new IOException("a header's value is no text");
        }
        return in.readStringRequireUtf8();
    }

    @Override
    public WebSocketFrame frame(ByteBuf bytes) {
        return new BinaryWebSocketFrame(bytes);
    }
}
