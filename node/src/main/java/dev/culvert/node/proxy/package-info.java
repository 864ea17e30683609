/**
 * One local port for programs that know proxies: SOCKS5 with remote names, HTTP CONNECT, and requests in absolute form, told apart by
 * their first byte. It leads to names of Culvert, and elsewhere only where that was permitted.
 *
 * <p>Threads: everything that belongs to a connection runs on the loop of its channel; streams live wherever they live, and {@link
 * dev.culvert.node.LocalStream} brings them there. May import {@code node}'s public face and what it may import. Start reading at {@link
 * dev.culvert.node.proxy.Proxy}, then {@code SocksDoor}, {@code HttpDoor} and {@code HttpExchange}.
 */
@NullMarked
package dev.culvert.node.proxy;

import org.jspecify.annotations.NullMarked;
