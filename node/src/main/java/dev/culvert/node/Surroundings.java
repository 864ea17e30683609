package dev.culvert.node;

import dev.culvert.link.transport.Loops;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * What a process gives to its nodes. <em>Immutable.</em>
 *
 * @param loops event loops, which several nodes may share; their owner closes them
 * @param clock the time of day
 * @param random for keys, instances and jitter
 * @param workers threads beside the loops
 */
public record Surroundings(Loops loops, InstantSource clock, SecureRandom random, Workers workers) {
    /** The system's clock, random source and threads. */
    public static Surroundings of(Loops loops) {
        return new Surroundings(loops, InstantSource.system(), new SecureRandom(), Workers.SYSTEM);
    }
}
