package dev.culvert.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A stream that says what it was given and remembers what it is told. One thread. */
final class ScriptedStream implements Stream {
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    int resetCode = -1;
    boolean finished;
    boolean closed;
    private final InputStream input;

    ScriptedStream(InputStream input) {
        this.input = input;
    }

    static ScriptedStream of(byte[] input) {
        return new ScriptedStream(new ByteArrayInputStream(input));
    }

    @Override
    public Address address() {
        return Address.service("web");
    }

    @Override
    public String principal() {
        return "";
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    @Override
    public InputStream input() {
        return input;
    }

    @Override
    public OutputStream output() {
        return sent;
    }

    @Override
    public void finish() {
        finished = true;
    }

    @Override
    public void reset(int code) {
        resetCode = code;
    }

    @Override
    public void readTimeout(Duration timeout) {}

    @Override
    public void writeTimeout(Duration timeout) {}

    @Override
    public void deadline(@Nullable Instant deadline) {}

    @Override
    public int read(ByteBuffer target) {
        throw new UnsupportedOperationException("not used by messages");
    }

    @Override
    public int write(ByteBuffer source) {
        throw new UnsupportedOperationException("not used by messages");
    }

    @Override
    public long transferTo(WritableByteChannel target) {
        throw new UnsupportedOperationException("not used by messages");
    }

    @Override
    public long transferFrom(ReadableByteChannel source) {
        throw new UnsupportedOperationException("not used by messages");
    }

    @Override
    public CompletionStage<Void> ended() {
        return new CompletableFuture<>();
    }

    @Override
    public boolean isOpen() {
        return !closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
