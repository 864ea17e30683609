package dev.culvert.bench;

import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** How many bytes a second go through {@code n} streams of one link, and how evenly. */
final class Bulk {
    private static final long END_SECONDS = 30;

    private Bulk() {}

    static void run(PeerOptions options) {
        Opener opener = Opener.connect(options);
        int streams = options.number("n", 1);
        long[] bytes = pour(opener, streams, options);
        double perSecond = Meter.start(options).perSecond(sum(bytes));
        new Conductor().result(String.format(Locale.ROOT, "MBps=%.1f jain=%.5f", perSecond / 1e6, Spread.jain(bytes)));
    }

    /** Bytes of each of {@code streams} writers in the measured time. */
    static long[] pour(Opener opener, int streams, PeerOptions options) {
        Meter meter = Meter.start(options);
        CompletableFuture<Void> done = new CompletableFuture<>();
        Countdown countdown = new Countdown(streams, done);
        Writer[] writers = new Writer[streams];
        opener.loop().execute(() -> {
            for (int i = 0; i < streams; i++) {
                writers[i] = new Writer(meter, countdown);
                writers[i].start(opener);
            }
        });
        Opener.await(done, seconds(options) + END_SECONDS);
        return Stream.of(writers).mapToLong(Writer::bytes).toArray();
    }

    static long seconds(PeerOptions options) {
        return (options.nanos("warm", 1) + options.nanos("secs", 5)) / 1_000_000_000L + 1;
    }

    static long sum(long[] bytes) {
        long sum = 0;
        for (long each : bytes) {
            sum += each;
        }
        return sum;
    }
}
