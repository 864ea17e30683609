/**
 * A network in one thread on virtual time, for the tests of this module and of those above it. {@link
 * dev.culvert.mux.sim.SimNet} owns the clock, the event loops and the invariants; {@link dev.culvert.mux.sim.SimLink} is a
 * pair of connected channels with a delay, a rate, a bounded socket buffer and faults; {@link
 * dev.culvert.mux.sim.FrameAudit} sits under a session and checks each frame that it writes; {@link
 * dev.culvert.mux.sim.RawPeer} speaks bytes that no proper session would.
 *
 * <p>Nothing here waits: {@link dev.culvert.mux.sim.SimNet#runUntil} runs what is due and then moves the clock to the next
 * deadline. Start with {@link dev.culvert.mux.sim.SimNet}.
 */
@NullMarked
package dev.culvert.mux.sim;

import org.jspecify.annotations.NullMarked;
