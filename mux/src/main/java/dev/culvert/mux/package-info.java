/**
 * Many streams on one connection: yamux framing, plain (profile Y) or extended (profile X), over any connected Netty channel. It
 * knows no names, no nodes and no authentication; the rules it follows are those of section 1 of {@code docs/protocol.md}.
 *
 * <p><b>Threads.</b> A session, its streams and its timers belong to the event loop of their channel; nothing here locks. Time is
 * the loop's ticker. Two things cross loops: {@link dev.culvert.mux.MemoryBudget}, shared by all sessions of a process, and the
 * orders between the legs of a {@link dev.culvert.mux.Splice}.
 *
 * <p><b>Imports.</b> api (error codes), Netty's buffers and transport, slf4j.
 *
 * <p><b>Where to start.</b> {@link dev.culvert.mux.MuxSession} and {@link dev.culvert.mux.MuxStream} are the face, with the handlers
 * that their owners implement. Behind them:
 *
 * <pre>
 *     channel -> SessionChannelHandler -> FrameDecoder -> FrameReader    what each frame of the peer means
 *     channel &lt;- TransportTuning &lt;- FrameBatch &lt;- FrameWriter            what is sent, and when
 *     AlignedReads                                                        where reads of bulk begin in memory
 *     OwedFrames (Backlog)                                                what overtakes data
 *     SendScheduler (Outbox), LinkSpeed                                   whose turn it is, how much waits below
 *     StreamRegistry (StreamTable, OpenPermits, IdSequence, StreamState)  which streams there are
 *     InboundCredit (ReceiveWindow, SessionWindow, MemoryBudget)          what the peer may send
 *     SessionTimers (KeepAlive, SlowConsumer, Deadlines), Pings           what time does
 * </pre>
 *
 * <p>The names in brackets are pure: no channel, no clock, no random source, and tests of their own.
 */
@NullMarked
package dev.culvert.mux;

import org.jspecify.annotations.NullMarked;
