package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.Stream;
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
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A stream whose service says what the test says. Any thread. */
final class FakeStream implements Stream {
    final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    final CountDownLatch finished = new CountDownLatch(1);
    volatile boolean closed;
    private final InputStream answer;

    FakeStream(InputStream answer) {
        this.answer = answer;
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
        return answer;
    }

    @Override
    public OutputStream output() {
        return sent;
    }

    @Override
    public void finish() {
        finished.countDown();
    }

    @Override
    public void reset(int code) {}

    @Override
    public void readTimeout(Duration timeout) {}

    @Override
    public void writeTimeout(Duration timeout) {}

    @Override
    public void deadline(@Nullable Instant deadline) {}

    @Override
    public int read(ByteBuffer target) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public int write(ByteBuffer source) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public long transferTo(WritableByteChannel target) {
        throw new UnsupportedOperationException("not used by commands");
    }

    @Override
    public long transferFrom(ReadableByteChannel source) {
        throw new UnsupportedOperationException("not used by commands");
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
