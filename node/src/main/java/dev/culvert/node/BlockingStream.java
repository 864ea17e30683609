package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.Stream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

/**
 * A stream with blocking reads and writes over one that lives on an event loop. Any thread: the two sides meet in a {@link StreamPipe},
 * and one task on the loop moves what has gathered.
 */
final class BlockingStream implements Stream {
    private final Address address;
    private final String principal;
    private final Map<String, String> headers;
    private final StreamPipe pipe;
    private final InputStream input;
    private final OutputStream output;

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
    public void close() {
        pipe.close();
    }

    @Override
    public String toString() {
        return "Stream[" + address + "]";
    }
}
