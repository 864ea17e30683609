/**
 * Gets a byte stream that is ready to carry a link: dials one ({@link dev.culvert.link.transport.Connector}), accepts one
 * ({@link dev.culvert.link.transport.LinkPort}) or adapts one that an embedder has ({@link
 * dev.culvert.link.transport.AttachedStream}). TLS, WebSocket and proxies are done when the channel is handed over; what is
 * inside the stream is not known here.
 *
 * <p>Threads: each connection belongs to one event loop of {@link dev.culvert.link.transport.Loops}; state is owned by it.
 *
 * <p>May import: Netty, {@code dev.culvert.policy} for certificates and pins, {@code dev.culvert.api}; nothing of {@code
 * dev.culvert.mux} and nothing of {@code dev.culvert.link}. Start reading at {@link dev.culvert.link.transport.Endpoint}.
 */
@NullMarked
package dev.culvert.link.transport;

import org.jspecify.annotations.NullMarked;
