package dev.culvert.link;

import dev.culvert.link.transport.Loops;
import dev.culvert.mux.MemoryBudget;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * What one process hands to all its links. <em>Immutable.</em>
 *
 * @param loops the event loops, which are also the source of elapsed time
 * @param budget the process cap on bytes that peers make us hold
 * @param clock the time of day, for signatures and expiry
 * @param random nonces and jitter
 * @param blocking runs signature checks and the authenticator; bounded: a rejected task refuses the handshake with BUSY
 */
public record LinkContext(
        Loops loops, MemoryBudget budget, InstantSource clock, SecureRandom random, Executor blocking) {}
