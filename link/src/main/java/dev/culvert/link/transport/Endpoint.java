package dev.culvert.link.transport;

import dev.culvert.policy.HostPort;
import java.nio.file.Path;

/**
 * Where a link is dialled or accepted, with its transport. <em>Immutable.</em> As text: {@code tls://host:port} (also just {@code
 * host} or {@code host:port}), {@code tcp://host:port}, {@code wss://host:port/culvert}, {@code ws://host:port/culvert}, {@code
 * unix:/path} and {@code mem:name}. {@link #toString()} prints what {@link #parse} reads, but for what is {@link Attached}.
 */
public sealed interface Endpoint {
    /** The port of links, where none is given. */
    int DEFAULT_PORT = 7443;

    /** Where a link port takes WebSocket upgrades. */
    String WEBSOCKET_PATH = "/culvert";

    /** TLS 1.3 over TCP. */
    record Tls(String host, int port) implements Endpoint {
        @Override
        public String toString() {
            return "tls://" + HostPort.text(host, port);
        }
    }

    /** TCP in clear. */
    record Tcp(String host, int port) implements Endpoint {
        @Override
        public String toString() {
            return "tcp://" + HostPort.text(host, port);
        }
    }

    /** WebSocket; {@code secure} is {@code wss}. */
    record WebSocket(boolean secure, String host, int port, String path) implements Endpoint {
        @Override
        public String toString() {
            return (secure ? "wss://" : "ws://") + HostPort.text(host, port) + path;
        }
    }

    /** A Unix domain socket. */
    record Unix(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }

    /** A pipe inside this process. */
    record Memory(String name) implements Endpoint {
        @Override
        public String toString() {
            return "mem:" + name;
        }
    }

    /** No place where one could dial or listen: a byte stream that an embedder has, by the name that he gave it. */
    record Attached(String name) implements Endpoint {
        @Override
        public String toString() {
            return "attached:" + name;
        }
    }

    /** @throws IllegalArgumentException one line that names the value and what is expected */
    static Endpoint parse(String text) {
        return EndpointParser.parse(text);
    }
}
