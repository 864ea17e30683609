package dev.culvert.node.proxy;

import dev.culvert.api.DialException;
import dev.culvert.api.DialOptions;
import dev.culvert.node.LocalConnection;
import dev.culvert.node.LocalStream;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5Message;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's side of SOCKS5 (RFC 1928) with names and passwords (RFC 1929), for CONNECT only: BIND and UDP are refused. Owned by the
 * channel's loop.
 *
 * <pre>
 * methods    what the program can prove itself by   one of them, or 0xFF and the end
 * password   if users are asked                     go on, or the end
 * command    dial                                   0 and bytes both ways, or why not and the end
 * </pre>
 */
final class SocksDoor extends ChannelInboundHandlerAdapter implements LocalConnection.Answer {
    private static final Logger LOG = LoggerFactory.getLogger(SocksDoor.class);

    private final ProxyOptions options;
    private final LocalConnection connection;
    private final Patience patience;
    private boolean dialled;

    SocksDoor(ProxyOptions options, LocalConnection connection, Patience patience) {
        this.options = options;
        this.connection = connection;
        this.patience = patience;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof Socks5Message said)) {
            ctx.fireChannelRead(message); // what comes behind the command is for the service
        } else if (said.decoderResult().isFailure()) {
            LOG.debug("Not understood: {}", said.decoderResult().cause().toString());
            ctx.close();
        } else if (said instanceof Socks5InitialRequest request) {
            onMethods(ctx, request);
        } else if (said instanceof Socks5PasswordAuthRequest request) {
            onPassword(ctx, request);
        } else if (said instanceof Socks5CommandRequest request) {
            onCommand(request);
        }
    }

    private void onMethods(ChannelHandlerContext ctx, Socks5InitialRequest request) {
        Socks5AuthMethod wanted = options.users().areAsked() ? Socks5AuthMethod.PASSWORD : Socks5AuthMethod.NO_AUTH;
        if (!request.authMethods().contains(wanted)) {
            ctx.writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.UNACCEPTED))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        ctx.writeAndFlush(new DefaultSocks5InitialResponse(wanted));
        if (options.users().areAsked()) {
            ctx.pipeline().replace(Socks5InitialRequestDecoder.class, null, new Socks5PasswordAuthRequestDecoder());
        } else {
            ctx.pipeline().replace(Socks5InitialRequestDecoder.class, null, new Socks5CommandRequestDecoder());
        }
    }

    private void onPassword(ChannelHandlerContext ctx, Socks5PasswordAuthRequest request) {
        if (options.users().admit(request.username(), request.password())) {
            ctx.writeAndFlush(new DefaultSocks5PasswordAuthResponse(Socks5PasswordAuthStatus.SUCCESS));
            ctx.pipeline().replace(Socks5PasswordAuthRequestDecoder.class, null, new Socks5CommandRequestDecoder());
        } else {
            ctx.writeAndFlush(new DefaultSocks5PasswordAuthResponse(Socks5PasswordAuthStatus.FAILURE))
                    .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private void onCommand(Socks5CommandRequest request) {
        patience.end();
        dialled = true;
        if (!request.type().equals(Socks5CommandType.CONNECT)) {
            refuse(Socks5CommandStatus.COMMAND_UNSUPPORTED, request.type() + " (expected: CONNECT)");
            return;
        }
        connection.channel().config().setAutoRead(false);
        Dialling dialling =
                new Dialling(connection, DialOptions.DEFAULT.withTimeout(options.dialTimeout()), new byte[0], this);
        Destination destination = Destination.of(request.dstAddr(), request.dstPort(), options.direct());
        if (destination instanceof Destination.Named named) {
            dialling.to(named);
        } else if (destination instanceof Destination.Outside outside) {
            dialling.to(outside);
        } else if (destination instanceof Destination.Nowhere nowhere) {
            refuse(Socks5CommandStatus.FORBIDDEN, nowhere.text());
        }
    }

    @Override
    public void onOpened(LocalStream stream) {
        ChannelPipeline pipeline = connection.channel().pipeline();
        pipeline.writeAndFlush(answer(Socks5CommandStatus.SUCCESS));
        pipeline.remove(Socks5CommandRequestDecoder.class);
        pipeline.remove(Socks5ServerEncoder.class);
        pipeline.remove(this);
        stream.join();
    }

    @Override
    public void onRefused(DialException refusal) {
        refuse(Verdicts.socks(refusal.code()), String.valueOf(refusal.getMessage()));
    }

    private void refuse(Socks5CommandStatus status, String text) {
        LOG.info("SOCKS: {}: {}", status, text);
        connection.channel().writeAndFlush(answer(status)).addListener(ChannelFutureListener.CLOSE);
    }

    /** The bound address says nothing: there is none. */
    private static DefaultSocks5CommandResponse answer(Socks5CommandStatus status) {
        return new DefaultSocks5CommandResponse(status, Socks5AddressType.IPv4, "0.0.0.0", 0);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event == ChannelInputShutdownEvent.INSTANCE && !dialled) {
            ctx.close();
        } else {
            ctx.fireUserEventTriggered(event);
        }
    }
}
