package dev.culvert.bench;

import dev.culvert.api.Address;
import dev.culvert.api.DialOptions;
import dev.culvert.api.Stream;
import dev.culvert.node.CulvertNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;

/**
 * What users of the blocking API see: threads that dial by name, write, read and close. Virtual threads where the JVM has them; each
 * thread owns its own counts.
 */
final class BlockingCalls {
    private static final Address SERVICE = Address.parse(Nodes.BLOCKING_SERVICE);
    /** As of a socket, whose connection is made but not yet answered by the service. */
    private static final DialOptions EARLY = DialOptions.DEFAULT.withEarly(true);

    private static final int ECHO_BYTES = 64;
    private static final int ECHO_BLOCK = 1024;
    private static final int BLOCK = 64 * 1024;
    private static final long END_SECONDS = 30;

    private final CulvertNode node;
    private final Meter meter;

    private BlockingCalls(CulvertNode node, Meter meter) {
        this.node = node;
        this.meter = meter;
    }

    /** Serves one caller with a thread of its own: {@code S} sinks until the end, {@code E} echoes until the end. */
    static void serve(Stream stream) throws IOException {
        int command = stream.input().read();
        byte[] block = new byte[command == 'E' ? ECHO_BLOCK : BLOCK];
        for (int n = stream.input().read(block); n >= 0; n = stream.input().read(block)) {
            if (command == 'E') {
                stream.output().write(block, 0, n);
            }
        }
        stream.close();
    }

    static void rate(PeerOptions options) {
        List<Latencies> all = new ArrayList<>();
        Meter meter = run(options, (calls, latencies) -> {
            all.add(latencies);
            return () -> calls.echoes(latencies);
        });
        Latencies sum = new Latencies();
        all.forEach(sum::addAll);
        new Conductor()
                .result(String.format(Locale.ROOT, "perSecond=%.1f %s", meter.perSecond(sum.count()), sum.figures("")));
    }

    static void bulk(PeerOptions options) {
        long[] bytes = new long[options.number("n", 1)];
        int[] next = new int[1];
        Meter meter = run(options, (calls, latencies) -> {
            int writer = next[0]++;
            return () -> bytes[writer] = calls.pour();
        });
        new Conductor()
                .result(String.format(
                        Locale.ROOT,
                        "MBps=%.1f jain=%.5f",
                        meter.perSecond(Bulk.sum(bytes)) / 1e6,
                        Spread.jain(bytes)));
    }

    private interface Work {
        void run() throws IOException;
    }

    private interface Worker {
        Work prepare(BlockingCalls calls, Latencies latencies);
    }

    /** Runs {@code n} workers, each on a thread, until all have ended. */
    private static Meter run(PeerOptions options, Worker worker) {
        CulvertNode node = NodeLink.connect(options).node();
        Meter meter = Meter.start(options);
        BlockingCalls calls = new BlockingCalls(node, meter);
        List<CompletableFuture<Void>> ended = new ArrayList<>();
        List<Work> work = new ArrayList<>();
        for (int i = 0; i < options.number("n", 1); i++) {
            work.add(worker.prepare(calls, new Latencies()));
        }
        for (Work each : work) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ended.add(end);
            CallerThreads.start(() -> {
                try {
                    each.run();
                    end.complete(null);
                } catch (IOException e) {
                    Conductor.fail(e);
                }
            });
        }
        Opener.await(
                CompletableFuture.allOf(ended.toArray(CompletableFuture[]::new)), Bulk.seconds(options) + END_SECONDS);
        return meter;
    }

    private void echoes(Latencies counted) throws IOException {
        Latencies[] latencies = {new Latencies(), counted};
        byte[] request = new byte[1 + ECHO_BYTES];
        request[0] = 'E';
        byte[] answer = new byte[ECHO_BYTES];
        long startNanos = Meter.now();
        while (!meter.over(startNanos)) {
            try (Stream stream = node.dial(SERVICE, EARLY)) {
                stream.output().write(request);
                if (stream.input().readNBytes(answer, 0, ECHO_BYTES) < ECHO_BYTES) {
                    Conductor.fail("an echo is shorter than what was sent");
                }
            }
            long nowNanos = Meter.now();
            latencies[meter.counts(nowNanos)].add(nowNanos - startNanos);
            startNanos = nowNanos;
        }
    }

    private long pour() throws IOException {
        long[] bytes = new long[2];
        byte[] block = new byte[BLOCK];
        try (Stream stream = node.dial(SERVICE, EARLY)) {
            stream.output().write('S');
            for (long nowNanos = Meter.now(); !meter.over(nowNanos); nowNanos = Meter.now()) {
                stream.output().write(block);
                bytes[meter.counts(nowNanos)] += BLOCK;
            }
            stream.finish();
            if (stream.input().read() >= 0) {
                Conductor.fail("a sink answered");
            }
        }
        return bytes[1];
    }
}
