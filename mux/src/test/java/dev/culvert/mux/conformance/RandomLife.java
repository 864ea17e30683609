package dev.culvert.mux.conformance;

import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.mux.sim.Payload;
import dev.culvert.mux.sim.SimNet;
import dev.culvert.mux.sim.Traffic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Streams that live as chance has it: opened by either side, with payloads both ways, readers that pause, resets and stops
 * in the middle. The audits beneath and the payload checks above see what goes wrong. Owned by the simulation's thread.
 */
final class RandomLife {
    private static final Payload PAYLOAD = new Payload(31);

    private final List<MuxSession> openers;
    private final SimNet net;
    private final Random random;
    private final int actions;
    private final Map<MuxStream, Traffic> all = new HashMap<>();
    private final List<MuxStream> open = new ArrayList<>();

    /** Streams between the two ends of a link, opened by either. */
    RandomLife(Pair pair, int actions) {
        this(pair.net, List.of(pair.near, pair.far), actions);
        pair.nearApp.answer(this::join);
        pair.farApp.answer(this::join);
    }

    /** Streams opened on one session; who accepts them must give them to {@link #join}. */
    RandomLife(SimNet net, MuxSession opener, int actions) {
        this(net, List.of(opener), actions);
    }

    private RandomLife(SimNet net, List<MuxSession> openers, int actions) {
        this.net = net;
        this.openers = openers;
        this.random = net.random();
        this.actions = actions;
    }

    /** Plays, then lets every reader read and waits until all streams have come to an end. */
    void play() throws MuxException {
        for (int i = 0; i < actions; i++) {
            act();
            net.advance(Duration.ofNanos(random.nextInt(3_000_000)));
        }
        for (MuxStream stream : List.copyOf(open)) {
            traffic(stream).readAll(stream);
        }
        net.runUntil(this::allEnded, Duration.ofMinutes(10), "the end of every stream");
    }

    private void act() throws MuxException {
        int dice = random.nextInt(10);
        if (dice < 5 || open.isEmpty()) {
            openOne(openers.get(random.nextInt(openers.size())));
            return;
        }
        MuxStream stream = open.get(random.nextInt(open.size()));
        Traffic traffic = traffic(stream);
        if (traffic.ended()) {
            return;
        }
        switch (dice) {
            case 5 -> {
                stream.reset(0x100 + random.nextInt(100));
                all.remove(stream);
                open.remove(stream);
            }
            case 6 -> {
                traffic.readAll(stream);
                stream.stop(0x200 + random.nextInt(100));
            }
            default -> traffic.readAll(stream);
        }
    }

    private void openOne(MuxSession session) throws MuxException {
        Traffic traffic = new Traffic(net, PAYLOAD);
        MuxStream stream = session.open(traffic);
        all.put(stream, traffic);
        open.add(stream);
        traffic.write(stream, PAYLOAD, random.nextInt(400_000));
    }

    /** Accepts a stream. */
    StreamHandler join(MuxStream stream) {
        Traffic traffic = random.nextInt(4) == 0 ? new Traffic(net, PAYLOAD).notReading() : new Traffic(net, PAYLOAD);
        all.put(stream, traffic);
        open.add(stream);
        traffic.write(stream, PAYLOAD, random.nextInt(400_000));
        return traffic;
    }

    private Traffic traffic(MuxStream stream) {
        Traffic traffic = all.get(stream);
        if (traffic == null) {
            throw new IllegalStateException("an unknown stream");
        }
        return traffic;
    }

    private boolean allEnded() {
        boolean ended = true;
        for (MuxStream stream : open) {
            Traffic traffic = traffic(stream);
            if (!traffic.ended()) {
                traffic.readAll(stream);
                ended = false;
            }
        }
        return ended;
    }
}
