package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.Stream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A stream with blocking reads and writes over one that lives on an event loop. Any thread: the two sides meet in a {@link StreamPipe},
 * and one task on the loop moves what has gathered.
 */
final class BlockingStream implements Stream {
    private final Address address;
    private final String principal;
    private final Map<String, String> headers;
    private final StreamPipe pipe;
    private final PipeInput input;
    private final PipeOutput output;

    BlockingStream(Address address, String principal, Map<String, String> headers, StreamPipe pipe) {
        this.address = address;
        this.principal = principal;
        this.headers = Map.copyOf(headers);
        this.pipe = pipe;
        this.input = new PipeInput(pipe);
        this.output = new PipeOutput(pipe);
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public String principal() {
        return principal;
    }

    @Override
    public Map<String, String> headers() {
        return headers;
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return output;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        return target.hasRemaining() ? pipe.read(target) : 0;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
        return PipeTransfer.write(pipe, source);
    }

    @Override
    public long transferTo(WritableByteChannel target) throws IOException {
        return target instanceof BlockingStream other
                ? PipeTransfer.pieces(pipe, other.pipe)
                : PipeTransfer.to(pipe, target);
    }

    @Override
    public long transferFrom(ReadableByteChannel source) throws IOException {
        return source instanceof BlockingStream other
                ? PipeTransfer.pieces(other.pipe, pipe)
                : PipeTransfer.from(source, pipe);
    }

    @Override
    public void finish() {
        pipe.finish();
    }

    @Override
    public void reset(int code) {
        pipe.reset(code);
    }

    @Override
    public void readTimeout(Duration timeout) {
        pipe.readTimeout(timeout);
    }

    @Override
    public void writeTimeout(Duration timeout) {
        pipe.writeTimeout(timeout);
    }

    @Override
    public void deadline(@Nullable Instant deadline) {
        pipe.deadline(deadline);
    }

    @Override
    public CompletionStage<Void> ended() {
        return pipe.ended();
    }

    @Override
    public boolean isOpen() {
        return pipe.isOpen();
    }

    @Override
    public void close() {
        pipe.close();
    }

    @Override
    public String toString() {
        return "Stream[" + address + "]";
    }
}
