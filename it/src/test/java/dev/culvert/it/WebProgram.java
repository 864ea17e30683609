package dev.culvert.it;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A web service on loopback that knows nothing of Culvert: HTTP on 8081, an echoing WebSocket on 8082. A thread per request.
 *
 * <ul>
 *   <li>{@code /} a page that tries all of this and writes what it saw into itself
 *   <li>{@code /go/NAME} and {@code /wait/NAME}: the second is answered once for each of the first
 *   <li>{@code /stream}, {@code /events}: a first piece at once, the rest after {@code go}; an event after a reconnect names the last id
 *   <li>{@code /hang}: sends dots until nobody takes them, which is a {@code go/gone}
 *   <li>{@code /upload}: its first piece is a {@code go/upload}; answers with all of them
 *   <li>{@code /bytes/COUNT} sends so many, {@code /digest} answers with the SHA-256 of what comes, {@code /slow} as well, but reads only
 *       after {@code go/slow}
 * </ul>
 */
final class WebProgram {
    static final int PORT = 8081;
    static final int WEBSOCKET_PORT = 8082;

    private static final int PIECE = 64 * 1024;
    private static final int MAX_MESSAGE = 32 << 20;

    /** Longer than any test takes, at its full scale too. */
    private static final long PATIENCE_SECONDS = 1_800;

    private static final Map<String, Semaphore> GATES = new ConcurrentHashMap<>();

    private WebProgram() {}

    public static void main(String[] args) throws Exception {
        HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 100);
        http.setExecutor(Executors.newCachedThreadPool());
        Map<String, HttpHandler> handlers = Map.of(
                "/", WebProgram::page,
                "/go/", WebProgram::go,
                "/wait/", WebProgram::await,
                "/stream", WebProgram::stream,
                "/events", WebProgram::events,
                "/hang", WebProgram::hang,
                "/upload", WebProgram::upload,
                "/bytes/", WebProgram::bytes,
                "/digest", WebProgram::digest,
                "/slow", WebProgram::slow);
        handlers.forEach((path, handler) -> http.createContext(path, exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        }));
        http.start();
        serveWebSocket();
        System.out.println("web ready");
    }

    private static Semaphore gate(String name) {
        return GATES.computeIfAbsent(name, key -> new Semaphore(0));
    }

    /** What is behind the second slash. */
    private static String name(HttpExchange exchange) {
        return exchange.getRequestURI().getPath().split("/", 3)[2];
    }

    private static void pass(String name) throws IOException {
        try {
            if (!gate(name).tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("no /go/" + name);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** The head of an answer without a known length. */
    private static OutputStream begin(HttpExchange exchange, String type) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    private static void page(HttpExchange exchange) throws IOException {
        try (InputStream page = WebProgram.class.getResourceAsStream("page.html")) {
            exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
            answer(exchange, new String(page.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static void go(HttpExchange exchange) throws IOException {
        gate(name(exchange)).release();
        exchange.sendResponseHeaders(204, -1);
    }

    private static void await(HttpExchange exchange) throws IOException {
        pass(name(exchange));
        exchange.sendResponseHeaders(204, -1);
    }

    private static void stream(HttpExchange exchange) throws IOException {
        OutputStream out = begin(exchange, "text/plain");
        say(out, "one ");
        pass("stream");
        say(out, "two");
    }

    private static void events(HttpExchange exchange) throws IOException {
        String last = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        OutputStream out = begin(exchange, "text/event-stream");
        if (last == null) {
            say(out, "retry: 10\nid: 1\ndata: one\n\n");
            pass("events");
            say(out, "id: 2\ndata: two\n\n");
        } else {
            say(out, "id: 3\ndata: after " + last + "\n\n");
        }
    }

    private static void hang(HttpExchange exchange) throws IOException {
        OutputStream out = begin(exchange, "text/plain");
        Semaphore never = new Semaphore(0);
        try {
            do {
                say(out, ".");
            } while (!never.tryAcquire(20, TimeUnit.MILLISECONDS));
        } catch (IOException taken) {
            gate("gone").release();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void upload(HttpExchange exchange) throws IOException {
        byte[] first = new byte[PIECE];
        int length = exchange.getRequestBody().read(first);
        gate("upload").release();
        String rest = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        answer(exchange, new String(first, 0, length, StandardCharsets.UTF_8) + "then " + rest);
    }

    private static void bytes(HttpExchange exchange) throws IOException {
        long count = Long.parseLong(name(exchange));
        exchange.sendResponseHeaders(200, count);
        write(count, exchange.getResponseBody());
    }

    /** So many bytes, always the same. */
    static void write(long count, OutputStream out) throws IOException {
        RandomGenerator random = RandomGeneratorFactory.of("SplittableRandom").create(count);
        byte[] piece = new byte[PIECE];
        for (long left = count; left > 0; left -= PIECE) {
            random.nextBytes(piece);
            out.write(piece, 0, (int) Math.min(left, PIECE));
        }
    }

    private static void slow(HttpExchange exchange) throws IOException {
        System.out.println("slow: begun");
        pass("slow");
        digest(exchange);
    }

    private static void digest(HttpExchange exchange) throws IOException {
        MessageDigest digest = newSha256();
        new DigestInputStream(exchange.getRequestBody(), digest).transferTo(OutputStream.nullOutputStream());
        answer(exchange, HexFormat.of().formatHex(digest.digest()) + "\n");
    }

    static MessageDigest newSha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Netty's, which the gateway has no use for: bytes of a WebSocket pass it as they are. */
    private static void serveWebSocket() {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpServerCodec(),
                                        new HttpObjectAggregator(PIECE),
                                        new WebSocketServerCompressionHandler(MAX_MESSAGE),
                                        new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
                                                .websocketPath("/ws")
                                                .subprotocols("chat")
                                                .allowExtensions(true)
                                                .maxFramePayloadLength(MAX_MESSAGE)
                                                .build()),
                                        new WebSocketFrameAggregator(MAX_MESSAGE),
                                        new Echo());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), WEBSOCKET_PORT)
                .syncUninterruptibly();
    }

    private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame message) {
            ctx.writeAndFlush(message.retain());
        }
    }
}
