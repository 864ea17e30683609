package dev.culvert.api;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;

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
    public void close() {
        closed = true;
    }
}
