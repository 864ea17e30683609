/**
 * Streams as Netty channels: {@link dev.culvert.netty.CulvertChannel} dials a name or is a caller, {@link
 * dev.culvert.netty.CulvertServerChannel} offers one. Both live on any event loop, whoever runs it, and no port is opened.
 * {@link dev.culvert.netty.HttpService} is built on them: an HTTP service that is a function.
 *
 * <p>Threads: a channel is owned by the event loop that it is registered with. The stream below it lives on a loop of its node's; the two
 * pass messages, with at most 128 KiB of written bytes on the way.
 *
 * <p>May import: {@code api}, and of {@code node} what knows neither sessions nor frames: {@code CulvertNode}, {@code LoopStream}, {@code
 * Arrival}; Netty's transport and its codec for HTTP. Start reading at {@link dev.culvert.netty.CulvertChannel}.
 */
@NullMarked
package dev.culvert.netty;

import org.jspecify.annotations.NullMarked;
