package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ByteChannel;

/** Makes a Netty channel of a blocking byte stream that an embedder has. <em>Stateless.</em> Two threads serve each one. */
public final class AttachedStream {
    private AttachedStream() {}

    /** The same contract as {@link Connector#connect}. The streams are closed with the channel. */
    public static Future<Channel> attach(Loops loops, String name, InputStream in, OutputStream out) {
        throw new UnsupportedOperationException();
    }

    /** The same contract as {@link Connector#connect}. The byte channel must be blocking and is closed with the channel. */
    public static Future<Channel> attach(Loops loops, String name, ByteChannel bytes) {
        throw new UnsupportedOperationException();
    }
}
