package dev.culvert.node;

import io.netty.buffer.ByteBuf;

/** Reads the answer to a call: a code, then one message. Owned by the stream's event loop; pure. [CALL-3] */
final class AnswerReader {
    private static final int MAX_SHIFT = 28;

    private final MessageAssembly message;
    private int code;
    private int shift;
    private boolean coded;

    AnswerReader(int maxBytes) {
        this.message = new MessageAssembly(maxBytes);
    }

    /** Not after another result than INCOMPLETE. */
    MessageAssembly.State take(ByteBuf data) {
        while (!coded && data.isReadable()) {
            byte b = data.readByte();
            code |= (b & 0x7f) << shift;
            shift += 7;
            coded = b >= 0;
            if (!coded && shift > MAX_SHIFT || coded && code < 0) {
                return MessageAssembly.State.MALFORMED;
            }
        }
        return message.take(data);
    }

    /** 0: the message is the answer; else it is a text that says why there is none. */
    int code() {
        return code;
    }

    /** Once complete. */
    byte[] message() {
        return message.message();
    }
}
