package dev.culvert.gateway;

import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;

/**
 * Netty's codec for HTTP/2 and what bounds it. <em>Stateless.</em> The codec itself counts frames of CONTINUATION (16 small ones for one
 * header section), queued answers to PING and SETTINGS (10,000), and compares {@code content-length} with what comes.
 */
final class Http2Codec {
    /** Of one stream; the connection's window holds all of them, so that no stalled stream stops another. */
    static final int STREAM_WINDOW_BYTES = 128 * 1024;

    /** Of an answer that the client does not take yet. */
    static final int SERVICE_WINDOW_BYTES = 256 * 1024;

    /** RST_STREAM from the client, and from us for its faults: CVE-2023-44487, CVE-2025-8671. */
    private static final int RESETS = 1_000;

    private static final int RESETS_WITHIN_SECONDS = 30;
    private static final int EMPTY_FRAMES = 10;

    /** How long the other side has to read the last of what was said. */
    static final long CLOSE_MILLIS = 1_000;

    private Http2Codec() {}

    /** For a client's connection. */
    static Http2ConnectionHandler server(Http2FrameListener listener, GatewayLimits limits) {
        Http2Connection connection = connection(true);
        connection.remote().maxActiveStreams(limits.streams()); // also before the client has acknowledged it
        Http2Settings settings = new Http2Settings()
                .maxConcurrentStreams(limits.streams())
                .initialWindowSize(STREAM_WINDOW_BYTES)
                .maxHeaderListSize(limits.headBytes())
                .connectProtocolEnabled(true);
        return builder(connection, listener, settings)
                .decoderEnforceMaxRstFramesPerWindow(RESETS, RESETS_WITHIN_SECONDS)
                .encoderEnforceMaxRstFramesPerWindow(RESETS, RESETS_WITHIN_SECONDS)
                .build();
    }

    /** For a connection to a service. The preface leaves with the first request. */
    static Http2ConnectionHandler client(Http2FrameListener listener, int maxHeadBytes) {
        Http2Settings settings = new Http2Settings()
                .pushEnabled(false)
                .initialWindowSize(SERVICE_WINDOW_BYTES)
                .maxHeaderListSize(maxHeadBytes);
        return builder(connection(false), listener, settings)
                .flushPreface(false)
                .build();
    }

    private static Http2ConnectionHandlerBuilder builder(
            Http2Connection connection, Http2FrameListener listener, Http2Settings settings) {
        return new Http2ConnectionHandlerBuilder()
                .connection(connection)
                .initialSettings(settings)
                .frameListener(listener)
                .validateHeaders(true)
                .decoderEnforceMaxConsecutiveEmptyDataFrames(EMPTY_FRAMES)
                .gracefulShutdownTimeoutMillis(CLOSE_MILLIS);
    }

    /** Streams share what the other side takes evenly; RFC 9113 has given priorities up. */
    private static Http2Connection connection(boolean server) {
        Http2Connection connection = new DefaultHttp2Connection(server);
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        return connection;
    }

    /** Behind the settings, on the channel's loop. */
    static void openConnectionWindow(Http2ConnectionHandler handler, int bytes) {
        Http2Connection connection = handler.connection();
        try {
            var controller = connection.local().flowController();
            controller.incrementWindowSize(connection.connectionStream(), bytes);
        } catch (Http2Exception e) {
            throw new IllegalStateException("the window of a connection cannot be opened", e);
        }
    }
}
