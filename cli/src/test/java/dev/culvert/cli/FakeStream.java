package dev.culvert.cli;

import dev.culvert.api.Address;
import dev.culvert.api.Stream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

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
    public void close() {
        closed = true;
    }
}
