/**
 * HTTP/2 with client and server on both sides of a NAT, on plain TCP or TLS, without links.
 *
 * <p>Its job: the side that cannot be dialled opens the TCP connection and serves on it; the side that can be dialled takes it for a
 * client's connection of its own. {@link dev.culvert.http2.PrefaceListener} is the side with a port: it tells clients from reversed
 * connections by their first bytes, and dials the reversed ones. {@link dev.culvert.http2.DialListener} is the side behind the NAT: it
 * accepts by dialling out. Both hand out Netty channels and {@code java.net} sockets, so that gRPC and every other HTTP/2 library
 * works on them unchanged. It knows nothing of HTTP/2 but how a connection of it begins, and nothing of links and nodes.
 *
 * <p>Threads: a {@link dev.culvert.http2.Connection} is owned by the event loop of its socket, a {@link
 * dev.culvert.http2.MeetingPoint} by the loop of its listener, a face by whoever uses it; between them pass buffers and
 * messages. What the first bytes say ({@link dev.culvert.http2.FirstBytes}), who gets whom ({@link dev.culvert.http2.Meeting}) and
 * when to dial ({@link dev.culvert.http2.Redials}) are pure.
 *
 * <p>May import: Netty's transport and TLS. Start reading at the two listeners; both meet in {@link dev.culvert.http2.Connection}.
 */
@NullMarked
package dev.culvert.http2;

import org.jspecify.annotations.NullMarked;
