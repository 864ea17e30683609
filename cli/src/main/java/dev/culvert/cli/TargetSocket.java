package dev.culvert.cli;

import dev.culvert.node.Target;
import dev.culvert.node.TargetOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Connections to targets as the node makes them, for checks. <em>Stateless.</em> Blocks. */
final class TargetSocket {
    private static final String HTTP_2 = "h2";

    private TargetSocket() {}

    /** Connects as for a caller, and lets go. */
    static void touch(Target target, TargetOptions options, int millis) throws IOException {
        if (target instanceof Target.Unix unix) {
            try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(unix.path()))) {
                channel.write(ByteBuffer.wrap(options.proxyProtocol().ofNobody()));
            }
        } else {
            open(target, options, millis).close();
        }
    }

    /** A connection on which the caller's bytes may pass. Not for Unix domain sockets. */
    static Socket open(Target target, TargetOptions options, int millis) throws IOException {
        boolean secure = target instanceof Target.Https;
        Target.Tcp address = target instanceof Target.Https https ? https.address() : (Target.Tcp) target;
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(address.host(), address.port()), millis);
            socket.setSoTimeout(millis);
            socket.getOutputStream().write(options.proxyProtocol().ofNobody());
            return secure ? secure(socket, address, options) : socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static Socket secure(Socket socket, Target.Tcp address, TargetOptions options) throws IOException {
        SSLSocket secure = (SSLSocket)
                options.trust().context().getSocketFactory().createSocket(socket, address.host(), address.port(), true);
        SSLParameters parameters = secure.getSSLParameters();
        if (options.trust().checked()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        parameters.setApplicationProtocols(new String[] {options.http2() ? HTTP_2 : "http/1.1"});
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        if (options.http2() && !HTTP_2.equals(secure.getApplicationProtocol())) {
            throw new IOException("it does not agree to HTTP/2 (ALPN)");
        }
        return secure;
    }
}
