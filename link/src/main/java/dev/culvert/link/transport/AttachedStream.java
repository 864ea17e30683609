package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/** Makes a Netty channel of a blocking byte stream that an embedder has. <em>Stateless.</em> Two threads serve each one, a third closes it. */
public final class AttachedStream {
    private AttachedStream() {}

    /** The same contract as {@link Connector#connect}. The streams are closed with the channel. */
    public static Future<Channel> attach(Loops loops, String name, InputStream in, OutputStream out) {
        return attach(loops, name, new StreamPair(in, out));
    }

    /** The same contract as {@link Connector#connect}. The byte channel must be blocking and is closed with the channel. */
    public static Future<Channel> attach(Loops loops, String name, ByteChannel bytes) {
        EventLoop loop = loops.next();
        Promise<Channel> promise = loop.newPromise();
        AttachedChannel channel = new AttachedChannel(name, bytes);
        ChannelFuture registering = loop.register(channel);
        registering.addListener(done -> {
            if (done.isSuccess()) {
                promise.trySuccess(channel);
            } else {
                promise.tryFailure(new ConnectFailed(
                        "attach", false, name + ": " + done.cause().getMessage(), done.cause()));
            }
        });
        promise.addListener(done -> {
            if (!done.isSuccess() && channel.isRegistered()) {
                channel.close();
            } else if (!done.isSuccess()) {
                channel.unsafe().closeForcibly(); // its loop has ended, and will not do it
            }
        });
        return promise;
    }

    /** Two streams as one channel. One thread reads, another writes, any may close. */
    private static final class StreamPair implements ByteChannel {
        private final InputStream in;
        private final OutputStream out;
        private volatile boolean open = true;

        StreamPair(InputStream in, OutputStream out) {
            this.in = in;
            this.out = out;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int count = in.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
            if (count > 0) {
                target.position(target.position() + count);
            }
            return count;
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            int count = source.remaining();
            out.write(source.array(), source.arrayOffset() + source.position(), count);
            out.flush();
            source.position(source.limit());
            return count;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        /** The input first: a write that hangs may hold the output's lock, and ends when a socket's other half is closed. */
        @Override
        public void close() throws IOException {
            open = false;
            try (out) {
                in.close();
            }
        }
    }
}
