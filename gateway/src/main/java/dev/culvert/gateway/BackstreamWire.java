package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** How messages of backstream are written. <em>Stateless.</em> Pure. */
interface BackstreamWire {
    /** What a message is for. */
    enum Type {
        NOTIFY(0),
        REQUEST(1),
        RESPONSE(2);

        private final int number;

        Type(int number) {
            this.number = number;
        }

        /** On the wire. */
        int number() {
            return number;
        }

        static Type of(int number) throws IOException {
            for (Type type : values()) {
                if (type.number == number) {
                    return type;
                }
            }
            throw new IOException("message type " + number + " (expected: 0, 1 or 2)");
        }
    }

    /** @param data a {@link Asked} or {@link Answered}, written in the same way */
    record Message(String id, Type type, byte[] data) {}

    /** An HTTP request. */
    record Asked(String method, String path, String query, Map<String, List<String>> headers, byte[] body) {}

    /** An HTTP response. */
    record Answered(int status, Map<String, List<String>> headers, byte[] body) {}

    byte[] write(Message message);

    byte[] write(Asked asked);

    /** @throws IOException one line: what is no message */
    Message readMessage(byte[] bytes) throws IOException;

    /** @throws IOException one line: what is no answer */
    Answered readAnswered(byte[] bytes) throws IOException;

    /** The bytes of a message as a whole frame. The reference is consumed. */
    WebSocketFrame frame(ByteBuf bytes);

    static BackstreamWire of(BackstreamOptions.Codec codec) {
        return codec == BackstreamOptions.Codec.JSON ? new BackstreamJson() : new BackstreamProtobuf();
    }
}
