/**
 * The whole-system benchmarks: what a link does beside hashicorp/yamux, raw TCP and itself in other dress.
 *
 * <p>{@link dev.culvert.bench.Bench} is the conductor: it starts processes, one contestant after the other in rotation, and prints
 * what they say. {@link dev.culvert.bench.Peer} is one such process, server or client; it speaks to its conductor in the same lines
 * as the Go program in {@code bench/peer}, and to its peer in the same bytes, so that each can be run against the other.
 *
 * <p>Threads: the conductor's are its own; in a peer everything about a session happens on the session's event loop. May import
 * every module below. Start reading at {@code Rows}.
 */
@NullMarked
package dev.culvert.bench;

import org.jspecify.annotations.NullMarked;
