package dev.culvert.policy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time of day in tests: stands still until it is moved. */
final class MutableClock implements InstantSource {
    static final Instant START = Instant.parse("2026-11-21T12:00:00Z");
    private volatile Instant now = START;

    @Override
    public Instant instant() {
        return now;
    }

    void advance(Duration by) {
        now = now.plus(by);
    }
}
