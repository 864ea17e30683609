/**
 * One peer, kept connected: the handshake that proves both ends, the control messages of stream 1, reconnecting, drain.
 *
 * <p>Its job: turn a byte stream from {@link dev.culvert.link.transport} and a {@link dev.culvert.mux.MuxSession} into an authenticated {@link
 * dev.culvert.link.Session}, and see to it that there is one whenever the network permits. It knows who a peer is and nothing of
 * services: leases and routes belong to the {@link dev.culvert.link.SessionListener}.
 *
 * <p>Threads: a session is owned by its channel's event loop; a {@link dev.culvert.link.Link} and a {@link dev.culvert.link.LinkSet} by
 * the loop that they were started on; between loops only immutable messages pass. Decisions (handshake states, back-off, which relays
 * to link to) are pure classes that are handed time and randomness.
 *
 * <p>May import: {@code dev.culvert.api}, {@code dev.culvert.mux}, {@code dev.culvert.policy}, Netty, protobuf. Start reading at {@link
 * dev.culvert.link.LinkSet} for the dialling side and at {@link dev.culvert.link.SessionAcceptor} for the accepting one; both meet in
 * {@link dev.culvert.link.Session}.
 */
@NullMarked
package dev.culvert.link;

import org.jspecify.annotations.NullMarked;
