package dev.culvert.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.channels.ByteChannel;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ServerSocketFactory;
import javax.net.SocketFactory;

/**
 * A process in the network. Offers services by name and dials those of others, over the links that it keeps. Any thread, but calls
 * block and refuse to run on an event loop.
 */
public interface Node extends AutoCloseable {
    /**
     * Starts a node and waits for its first link.
     *
     * @param joinString as printed by {@code culvert relay} or {@code culvert invite}; secret
     * @throws LinkException if the relay refuses, or no link is up after {@link NodeOptions#JOIN_TIMEOUT}
     * @throws IllegalArgumentException if it is no join string
     */
    static Node join(String joinString) throws IOException {
        Node node = start(NodeOptions.DEFAULT.withJoin(joinString));
        try {
            node.awaitLink(NodeOptions.JOIN_TIMEOUT);
            return node;
        } catch (IOException | RuntimeException e) {
            node.close();
            throw e;
        }
    }

    /** Everything that a node can be told at its start, step by step. */
    static NodeBuilder builder() {
        return new NodeBuilder();
    }

    /** Starts a node; its links come up in the background and are kept until {@link #close()}. */
    static Node start(NodeOptions options) throws IOException {
        NodeEngine engine = ServiceLoader.load(NodeEngine.class)
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "no node engine on the class path (expected: the jar culvert-node; add it beside culvert-api)"));
        return engine.start(options);
    }

    /** The node's name. */
    String name();

    /**
     * Blocks until one link is up.
     *
     * @throws LinkException if every relay refused for good, or none is up in time
     */
    void awaitLink(Duration timeout) throws IOException;

    /**
     * Dials {@link Address#parse an address} with {@link DialOptions#DEFAULT} and waits for the service's answer.
     *
     * @throws DialException with the reason, the node that failed, and the next step
     */
    default Stream dial(String address) throws IOException {
        return dial(Address.parse(address), DialOptions.DEFAULT);
    }

    /** As {@link #dial(String)}, with options. */
    Stream dial(Address address, DialOptions options) throws IOException;

    /** As {@link #dial(Address, DialOptions)}, without a thread that waits. Fails with {@link DialException}. */
    CompletionStage<Stream> dialAsync(Address address, DialOptions options);

    /**
     * Dials every node that offers a service (see {@link BindOptions#shared}), at the same time, and waits for all answers: within {@code options}'
     * timeout to learn who they are, and once more for the dials.
     *
     * @param service its name, taken literally
     * @return the streams of those that accepted, and why others did not
     * @throws DialException UNKNOWN_SERVICE if nobody offers it; DEADLINE if not every relay has told in time who does
     * @throws java.io.InterruptedIOException if this thread is interrupted; no stream is left open
     */
    default Dialled dialAll(String service, DialOptions options) throws IOException {
        return DialAll.of(this, service, options);
    }

    /**
     * Offers a service; callers are taken with {@link StreamListener#accept()}. Where a link is up, waits for its answer; relays that
     * come later are told when they come.
     *
     * @throws RegistrationException if no relay takes it
     */
    default StreamListener bind(String service) throws IOException {
        return bind(service, BindOptions.DEFAULT);
    }

    /** As {@link #bind(String)}, with options. The name may be empty if the options have a port. */
    StreamListener bind(String service, BindOptions options) throws IOException;

    /** Offers a service; each caller is served on a thread of its own, virtual where the JDK has them. */
    default Binding bind(String service, StreamAcceptor acceptor) throws IOException {
        return bind(service, BindOptions.DEFAULT, acceptor);
    }

    /** As {@link #bind(String, StreamAcceptor)}, with options. */
    Binding bind(String service, BindOptions options, StreamAcceptor acceptor) throws IOException;

    /**
     * Dials a service that speaks messages. [MSG-1]
     *
     * @throws DialException PROTOCOL if it does not
     */
    default Messages dialMessages(Address address, DialOptions options) throws IOException {
        return Messages.over(dial(address, StreamMode.declare(options, StreamMode.VALUE_MESSAGES)));
    }

    /** As {@link #dialMessages(Address, DialOptions)}, with {@link DialOptions#DEFAULT}. */
    default Messages dialMessages(String address) throws IOException {
        return dialMessages(Address.parse(address), DialOptions.DEFAULT);
    }

    /** Offers a service that speaks messages; who dials it otherwise is refused PROTOCOL. As {@link #bind(String, StreamAcceptor)}. */
    default Binding bindMessages(String service, BindOptions options, MessageAcceptor acceptor) throws IOException {
        return bind(service, options.withMode(StreamMode.MESSAGES), stream -> acceptor.accept(Messages.over(stream)));
    }

    /** As {@link #bindMessages(String, BindOptions, MessageAcceptor)}, with {@link BindOptions#DEFAULT}. */
    default Binding bindMessages(String service, MessageAcceptor acceptor) throws IOException {
        return bindMessages(service, BindOptions.DEFAULT, acceptor);
    }

    /**
     * Calls a service and waits for its answer.
     *
     * @throws DialException if the service was not reached
     * @throws CallException if its handler failed, with the handler's code; DEADLINE; TOO_LARGE for the answer
     * @throws StreamResetException if the link was lost or the other end vanished: whether the handler ran is not known
     * @throws java.io.InterruptedIOException if this thread is interrupted; the call is cancelled
     */
    byte[] call(Address address, byte[] request, CallOptions options) throws IOException;

    /** As {@link #call(Address, byte[], CallOptions)}, with {@link CallOptions#DEFAULT}. */
    default byte[] call(String address, byte[] request) throws IOException {
        return call(Address.parse(address), request, CallOptions.DEFAULT);
    }

    /**
     * As {@link #call(Address, byte[], CallOptions)}, without a thread that waits. Cancelling the result cancels the call, and the handler
     * is told. What hangs on the result runs on an event loop and must not block, or says {@code ...Async}.
     */
    CompletableFuture<byte[]> callAsync(Address address, byte[] request, CallOptions options);

    /**
     * Calls a service that shall not answer. Returns when its node has taken the stream; whether the handler runs is not told.
     *
     * @throws DialException if the service was not reached
     */
    void notify(Address address, byte[] message, CallOptions options) throws IOException;

    /** As {@link #notify(Address, byte[], CallOptions)}, with {@link CallOptions#DEFAULT}. */
    default void notify(String address, byte[] message) throws IOException {
        notify(Address.parse(address), message, CallOptions.DEFAULT);
    }

    /** As {@link #notify(Address, byte[], CallOptions)}, without a thread that waits. */
    CompletableFuture<Void> notifyAsync(Address address, byte[] message, CallOptions options);

    /**
     * Offers a service that answers calls; who dials it otherwise is refused PROTOCOL. As {@link #bind(String, BindOptions)}.
     *
     * @param options its backlog bounds the calls that are received or handled at once; more are refused BUSY
     */
    Binding handleCalls(String service, BindOptions options, CallHandler handler) throws IOException;

    /** As {@link #handleCalls(String, BindOptions, CallHandler)}, with {@link BindOptions#DEFAULT}. */
    default Binding handleCalls(String service, CallHandler handler) throws IOException {
        return handleCalls(service, BindOptions.DEFAULT, handler);
    }

    /**
     * Links over a byte stream that the program has, whatever carries it: the other end does the same, one {@link AttachOptions#joining
     * joining}, the other {@link AttachOptions#ACCEPTING accepting}. Blocks until each has proved to the other who it is. The stream needs
     * no protection of its own against impostors, but is not encrypted by this. The link is over when its session is: nobody connects again.
     *
     * <p>From here on the stream is the node's, which reads and writes it on threads of its own and closes it with the link, or when this
     * throws an {@link IOException}.
     *
     * @param bytes blocks; reads and writes at once; close ends both
     * @return the session; closing it ends the link
     * @throws LinkException UNAUTHENTICATED if the other end is another node than the join string names, or refuses this one; DEADLINE; LINK_LOST
     *     if the stream ends or fails; DRAINING if this node is closed; or the other end's refusal
     * @throws java.io.InterruptedIOException if this thread is interrupted
     * @throws IllegalArgumentException for a join string that is none or names several nodes, or a channel that does not block
     * @throws IllegalStateException if this end shall accept and takes no links; see {@link ListenOptions#ATTACHED}
     */
    Session attach(ByteChannel bytes, AttachOptions options) throws IOException;

    /** As {@link #attach(ByteChannel, AttachOptions)}: over two streams, for example of a process. What is written is flushed. */
    Session attach(InputStream in, OutputStream out, AttachOptions options) throws IOException;

    /** As {@link #attach(ByteChannel, AttachOptions)}: over a socket that is connected, an SSLSocket for example. It should have no SO_TIMEOUT. */
    default Session attach(Socket socket, AttachOptions options) throws IOException {
        return attach(socket.getInputStream(), socket.getOutputStream(), options);
    }

    /**
     * The services that this node may dial, its own among them, as they come and go. Up to 16 such maps of a node, of both kinds, are served by
     * one relay.
     *
     * @param patterns of services' names ({@code :port} for virtual ports), apart by commas, in which {@code *} stands for anything
     * @throws IllegalArgumentException for a pattern that is none
     * @throws IllegalStateException if this node is closed, or on an event loop
     */
    LiveMap<Address, ServiceRoute> services(String patterns);

    /** As {@link #services(String)}: all. */
    default LiveMap<Address, ServiceRoute> services() {
        return services("*");
    }

    /**
     * The other nodes that this node can reach, as they come and go: those with which it has a session, and those that offer it a service.
     *
     * @param patterns of nodes' names, as in {@link #services(String)}
     * @throws IllegalArgumentException for a pattern that is none
     * @throws IllegalStateException if this node is closed, or on an event loop
     */
    LiveMap<String, NodeRoute> routes(String patterns);

    /** As {@link #routes(String)}: all. */
    default LiveMap<String, NodeRoute> routes() {
        return routes("*");
    }

    /**
     * A builder for another node with the same join strings and settings, but a name and a key of its own: see {@link NodeOptions#sibling}. The
     * join strings must be good for more than one node.
     *
     * @throws IllegalStateException if this node was not started with {@link NodeOptions}
     */
    NodeBuilder sibling(String name);

    /** The sessions that are up, in both directions. A snapshot. */
    List<Session> sessions();

    /** The session with this {@link Session#id() id}, if it is up. */
    default Optional<Session> session(String id) {
        return sessions().stream().filter(session -> session.id().equals(id)).findAny();
    }

    /**
     * Makes a join string for other nodes. Writes to the state directory.
     *
     * @return a secret
     * @throws IllegalStateException if this node does not {@linkplain NodeBuilder#listen listen}, or on all addresses of the machine without
     *     a {@link NodeBuilder#publicAddress}
     */
    String invite(InviteOptions options) throws IOException;

    /** A join string with {@link InviteOptions#DEFAULT}: for one node, within an hour, for every name. */
    default String invite() throws IOException {
        return invite(InviteOptions.DEFAULT);
    }

    /**
     * Dials, for clients that know {@link Socket}s: an address as {@link Address#parse} reads it. See
     * {@code dev.culvert.api.net} for what such a socket does.
     *
     * @throws IOException as {@code dev.culvert.api.net.CulvertSocket} says of connects; the {@link DialException} is its cause
     */
    Socket socket(String address) throws IOException;

    /**
     * Offers a service, for servers that know {@link ServerSocket}s.
     *
     * @throws java.net.BindException if a relay does not take it; the {@link RegistrationException} is its cause
     */
    ServerSocket serverSocket(String service) throws IOException;

    /** Makes sockets that dial: what the JDK calls host is an address of ours, the port has no meaning. */
    SocketFactory socketFactory(DialOptions options);

    /** As {@link #socketFactory(DialOptions)}, with {@link DialOptions#DEFAULT}. */
    default SocketFactory socketFactory() {
        return socketFactory(DialOptions.DEFAULT);
    }

    /** Makes server sockets: what the JDK calls address is the service's name, a port without one is a virtual port. */
    ServerSocketFactory serverSocketFactory();

    /**
     * Takes no more streams, lets those that are open end within {@code grace}, then closes. Blocks until it is done.
     *
     * @return how many streams had to be reset at the end of the grace
     */
    int drain(Duration grace);

    /** Ends everything: at once, or with a {@link NodeBuilder#closeTimeout} as {@link #drain} does. Idempotent. */
    @Override
    void close();
}
