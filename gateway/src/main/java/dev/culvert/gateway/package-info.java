/**
 * The door for plain HTTP, over TLS too: whatever speaks HTTP/1.1, HTTP/2 or gRPC reaches a service by its name, with no library. A {@link
 * dev.culvert.gateway.Gateway} takes the connections of a local socket of a node; a request is routed by header, host or path ({@code Routing}), admitted ({@link
 * dev.culvert.gateway.Access}), given to the service over a stream, and answered by it or by an error that names the hop that failed.
 *
 * <p>Who gets in: {@code Access} judges credentials and certificates, {@code Doorkeeper} holds callers to the terms of public services. A connection whose
 * TLS is its service's own never becomes a request: it is a {@code Passage}.
 *
 * <p>Threads: a client's connection, its requests and the streams that carry them live on one event loop. Nothing is shared between loops
 * but the counts of requests under way, and the names of backstream's clients.
 *
 * <p>May import: {@code api}, {@code node} (a local connection and the streams it dials, never a session or a frame), {@code
 * netty} (a service that is answered here, for {@code Backstream}), Netty, Protocol Buffers and Jackson for backstream's messages. Start reading at
 * {@link dev.culvert.gateway.Gateway}, then {@code ClientSide} and {@code Http2ClientSide} (one client's connection), {@code Exchange} (one request, of
 * either version), {@code ServiceSide} and {@code Http2ServiceSide} (one connection to a service).
 */
@NullMarked
package dev.culvert.gateway;

import org.jspecify.annotations.NullMarked;
