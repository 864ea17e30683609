package dev.culvert.mux.conformance;

import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import dev.culvert.mux.sim.Wire;
import java.time.Duration;

/** How long a transfer takes in virtual time. */
final class SimTimes {
    private static final long BYTES = 20 << 20;

    private SimTimes() {}

    /** One fast stream on a line of 50 MB/s and 4 ms, beside streams whose reader holds 500 bytes each and reads no more. */
    static Duration timeOf(int stalled) {
        Duration[] taken = new Duration[1];
        SimNet.simulate(15, net -> {
            Pair pair = Pair.of(net, Profile.X, Wire.wan(Duration.ofMillis(4), 50_000_000));
            pair.farApp.answer(stream -> new Traffic(net, new Payload(1)).notReading());
            for (int i = 0; i < stalled; i++) {
                Traffic writer = new Traffic(net, new Payload(0));
                MuxStream stream = pair.near.open(writer);
                writer.write(stream, new Payload(1), 500, false);
            }
            net.advance(Duration.ofSeconds(2));
            Traffic reader = new Traffic(net, new Payload(2));
            pair.farApp.answer(stream -> reader);
            Duration start = net.now();
            pair.send(2, BYTES);
            net.runUntil(reader::finishSeen, Duration.ofMinutes(5), "the fast stream");
            taken[0] = net.now().minus(start);
        });
        return taken[0];
    }
}
