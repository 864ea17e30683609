package dev.culvert.gateway;

import dev.culvert.api.Address;
import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Node;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes clients of backstream, programs that offer an HTTP service over a WebSocket, at a gateway's port: each becomes a service of the
 * gateway's node, by its id. Any thread.
 */
public final class Backstream {
    private static final Logger LOG = LoggerFactory.getLogger(Backstream.class);
    private static final Set<String> PARAMETERS = Set.of("credential", "codec", "public");
    private static final String BEARER = "Bearer ";

    private final Node node;
    private final BackstreamOptions options;
    private final BackstreamAccess access;
    private final BackstreamNames names;

    /** @param node which offers the services */
    public Backstream(Node node, BackstreamOptions options, BackstreamAccess access) {
        this.node = node;
        this.options = options;
        this.access = access;
        this.names = new BackstreamNames(node, options);
    }

    /** Whether a client has this very id, or had it a moment ago. */
    boolean knows(String id) {
        return names.contains(id);
    }

    /** Whether it is a client of backstream that asks to be taken, and no other WebSocket: those do not send the header. */
    boolean isMeant(HttpRequest request) {
        String uri = request.uri();
        int mark = uri.indexOf('?');
        return (mark < 0 ? uri : uri.substring(0, mark)).equals(options.path())
                && request.decoderResult().isSuccess()
                && request.method().equals(HttpMethod.GET)
                && request.headers().contains(Routing.CLIENT_ID)
                && HttpHeaderValues.WEBSOCKET.toString().equalsIgnoreCase(Upgrades.wanted(request));
    }

    /** Decides whether a client is taken. On its loop. */
    Newcomer admit(HttpRequest request) throws Rejected {
        HttpHeaders headers = request.headers();
        if (!headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY)
                || !headers.containsValue(HttpHeaderNames.SEC_WEBSOCKET_VERSION, "13", true)) {
            throw bad("a WebSocket without key or of another version (expected: version 13)", "see RFC 6455, 4.1");
        }
        Map<String, List<String>> query = query(request.uri());
        String name = name(headers);
        String credential = credential(headers, query);
        Access.Verdict verdict = access.mayRegister(name, credential);
        if (verdict instanceof Access.Refused refused) {
            ErrorCode code = refused.code();
            throw new Rejected(
                    new HttpFault(HttpFault.status(code), code.name(), refused.text(), "", refused.next(), 0));
        }
        String owner = ((Access.Admitted) verdict).caller();
        FullHttpRequest whole = new DefaultFullHttpRequest(
                request.protocolVersion(),
                request.method(),
                request.uri(),
                Unpooled.EMPTY_BUFFER,
                headers,
                EmptyHttpHeaders.INSTANCE);
        return new Newcomer(whole, name, credential, owner, isPublic(query), codec(query));
    }

    private static Map<String, List<String>> query(String uri) throws Rejected {
        try {
            Map<String, List<String>> query = new QueryStringDecoder(uri).parameters();
            for (Map.Entry<String, List<String>> parameter : query.entrySet()) {
                if (!PARAMETERS.contains(parameter.getKey())
                        || parameter.getValue().size() > 1) {
                    throw bad(
                            "parameter '" + parameter.getKey()
                                    + "' in the URL (expected: credential, codec, public; each once)",
                            "see docs/gateway.md");
                }
            }
            return query;
        } catch (IllegalArgumentException e) {
            throw bad("the URL's query is not understood", "escape it with %");
        }
    }

    private String name(HttpHeaders headers) throws Rejected {
        List<String> ids = headers.getAll(Routing.CLIENT_ID);
        String id = ids.get(0).strip();
        if (ids.size() > 1) {
            throw bad(Routing.CLIENT_ID + " is there " + ids.size() + " times (expected: once)", "send it once");
        }
        if (id.isEmpty() && options.nameless() != null) {
            return options.nameless();
        }
        if (id.isEmpty()) {
            throw bad(
                    Routing.CLIENT_ID + " is empty (expected: the client's id)", "give the client an id: WithClientID");
        }
        try {
            if (!id.startsWith("$")) {
                return Address.requireServiceName(id);
            }
        } catch (IllegalArgumentException e) {
            throw bad(Routing.CLIENT_ID + ": " + e.getMessage(), "give the client another id");
        }
        throw bad(Routing.CLIENT_ID + " '" + id + "': names with $ belong to Culvert itself", "give it another id");
    }

    private static @Nullable String credential(HttpHeaders headers, Map<String, List<String>> query) throws Rejected {
        List<String> shown = headers.getAll(HeaderRules.AUTHORIZATION);
        List<String> asked = query.getOrDefault("credential", List.of());
        if (shown.size() + asked.size() > 1) {
            throw bad("more than one credential", "show one, in the URL or in Culvert-Authorization");
        }
        if (shown.isEmpty()) {
            return asked.isEmpty() ? null : asked.get(0);
        }
        String value = shown.get(0).strip();
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? value.substring(BEARER.length()).strip()
                : value;
    }

    private static boolean isPublic(Map<String, List<String>> query) throws Rejected {
        return switch (query.getOrDefault("public", List.of("false")).get(0)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw bad("public in the URL (expected: true or false)", "say ?public=true, or nothing");
        };
    }

    private BackstreamWire codec(Map<String, List<String>> query) throws Rejected {
        String text =
                query.getOrDefault("codec", List.of(options.codec().name())).get(0);
        try {
            return BackstreamWire.of(BackstreamOptions.Codec.valueOf(text.toUpperCase(Locale.ROOT)));
        } catch (IllegalArgumentException e) {
            throw bad("codec in the URL (expected: protobuf or json)", "say ?codec=json, or nothing");
        }
    }

    private static Rejected bad(String text, String next) {
        return new Rejected(HttpFault.badRequest(text, next));
    }

    /** A client that is admitted, and not yet taken. Owned by its channel's loop. */
    final class Newcomer {
        private final FullHttpRequest request;
        private final String name;
        private final @Nullable String credential;
        private final String owner;
        private final boolean open;
        private final BackstreamWire wire;

        private Newcomer(
                FullHttpRequest request,
                String name,
                @Nullable String credential,
                String owner,
                boolean open,
                BackstreamWire wire) {
            this.request = request;
            this.name = name;
            this.credential = credential;
            this.owner = owner;
            this.open = open;
            this.wire = wire;
        }

        String name() {
            return name;
        }

        String owner() {
            return owner;
        }

        /**
         * Takes the connection over.
         *
         * @param replaced the handler of HTTP, which goes; those in front of it read and write HTTP until the WebSocket is open
         * @param onStatus told the status of the response
         */
        void enter(Channel channel, ChannelHandler replaced, String requestId, IntConsumer onStatus) {
            BackstreamClient client = new BackstreamClient(channel, name, wire, options);
            channel.pipeline().replace(replaced, null, client);
            names.join(client, owner, open)
                    .whenComplete((service, failure) -> channel.eventLoop().execute(() -> {
                        if (failure == null) {
                            onStatus.accept(HttpResponseStatus.SWITCHING_PROTOCOLS.code());
                            shakeHands(channel, client);
                        } else {
                            onStatus.accept(refuse(channel, failure, requestId));
                        }
                    }));
            channel.closeFuture().addListener(closed -> names.leave(client));
        }

        private int refuse(Channel channel, Throwable failure, String requestId) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            HttpFault fault = cause instanceof Rejected rejected ? rejected.fault() : taken(cause);
            LOG.info("'{}' of backstream is refused: {}", name, fault.text());
            FullHttpResponse page = ErrorPage.of(fault, List.of(), node.name(), requestId);
            page.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
            channel.writeAndFlush(page).addListener(ChannelFutureListener.CLOSE);
            return fault.status().code();
        }

        /** By a service of another kind, or a registry that is full. */
        private HttpFault taken(@Nullable Throwable cause) {
            ErrorCode code = cause instanceof CulvertException told ? told.code() : ErrorCode.DUPLICATE_NODE;
            return new HttpFault(
                    HttpResponseStatus.CONFLICT,
                    code.name(),
                    "the name '" + name + "' cannot be had: " + (cause == null ? "" : cause.getMessage()),
                    "",
                    "give this client another id",
                    0);
        }

        private void shakeHands(Channel channel, BackstreamClient client) {
            WebSocketDecoderConfig decoding = WebSocketDecoderConfig.newBuilder()
                    .maxFramePayloadLength(options.messageBytes())
                    .allowExtensions(false)
                    .build();
            WebSocketServerHandshaker handshaker =
                    new WebSocketServerHandshakerFactory("", null, decoding).newHandshaker(request);
            handshaker.handshake(channel, request).addListener(done -> {
                if (done.isSuccess()) {
                    LOG.info("'{}' of backstream is here, for {}", name, owner);
                    client.start(this::whyNoMore);
                } else {
                    channel.close();
                }
            });
        }

        private @Nullable String whyNoMore() {
            return access.mayRegister(name, credential) instanceof Access.Refused refused ? refused.text() : null;
        }
    }
}
