package dev.culvert.http2;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SniCompletionEvent;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what one accepted connection is: ends its TLS, looks at its first bytes, and judges its silence. Owned by the connection's event
 * loop. Its findings go to a {@link Findings}.
 *
 * <p>A connection that was silent too long counts as reversed and is watched on: if it turns out to be a client before somebody dialled it,
 * it is one.
 */
final class Triage implements Connection.Watcher {
    private static final Logger LOG = LoggerFactory.getLogger(Triage.class);

    private final Channel raw;
    private final PrefaceOptions options;
    private final FirstBytes firstBytes;
    private final Findings findings;
    private final Connection connection;
    private Verdict verdict = Verdict.UNDECIDED;
    private String identity = "";
    private String serverName = "";
    private boolean silentTooLong;
    private int unsorted;
    private @Nullable Future<?> silence;
    private @Nullable Future<?> deadline;

    Triage(Channel raw, PrefaceOptions options, FirstBytes firstBytes, Findings findings) {
        this.raw = raw;
        this.options = options;
        this.firstBytes = firstBytes;
        this.findings = findings;
        this.connection = new Connection(raw, this);
    }

    /**
     * What is found out about connections; called on their loops, in order for each. Each finding of what one is must be
     * answered by {@link Triage#onSorted}; until then nobody can take it.
     */
    interface Findings {
        void onClient(Triage found, Peer peer);

        /** Said again when a silent one turns out to have a name. */
        void onReversed(Triage found, Peer peer);

        void onGone(Connection connection);
    }

    /** On the loop, once the channel is registered. */
    void begin() {
        deadline = raw.eventLoop()
                .schedule(this::onDeadline, options.decideWithin().toMillis(), TimeUnit.MILLISECONDS);
        PrefaceTls tls = options.tls();
        if (tls != null) {
            raw.pipeline().addLast(new SniHandler(tls.contexts()), new TlsEvents());
        }
        raw.pipeline().addLast(connection);
        if (tls == null) {
            beginSilence();
        }
    }

    Connection connection() {
        return connection;
    }

    /** Waits for the end of the handshake. */
    private final class TlsEvents extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SniCompletionEvent sni && sni.hostname() != null) {
                serverName = sni.hostname();
            }
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                onHandshake(ctx, handshake);
                return;
            }
            ctx.fireUserEventTriggered(event);
        }

        private void onHandshake(ChannelHandlerContext ctx, SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                identity = provedIdentity(ctx.pipeline().get(SslHandler.class));
                ctx.pipeline().remove(this);
                beginSilence();
            } else {
                refuse("TLS handshake failed: " + handshake.cause().getMessage());
            }
        }
    }

    private String provedIdentity(SslHandler handler) {
        PrefaceTls tls = options.tls();
        try {
            Certificate[] chain = handler.engine().getSession().getPeerCertificates();
            return tls != null && tls.proving() && chain[0] instanceof X509Certificate leaf
                    ? tls.identity().apply(leaf)
                    : "";
        } catch (SSLPeerUnverifiedException e) {
            return ""; // it has none, which matters only if it is a reversed connection
        }
    }

    private void beginSilence() {
        silence = raw.eventLoop().schedule(this::onSilence, options.silence().toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Who would have to prove its identity to be a reversed connection, and has none, can only be a client that thinks. */
    private void onSilence() {
        if (undecided() && connection.isSilent() && !lacksIdentity()) {
            silentTooLong = true;
            cancel(deadline);
            onReversed("");
        }
    }

    private void onDeadline() {
        if (undecided()) {
            refuse("undecided after " + options.decideWithin().toMillis()
                    + " ms (expected: an HTTP/2 preface, a name or SETTINGS)");
        }
    }

    private boolean undecided() {
        return verdict instanceof Verdict.Undecided;
    }

    @Override
    public void onBytes(Connection connection) {
        if (!undecided()) {
            return;
        }
        var soFar = connection.firstBytes();
        try {
            verdict = firstBytes.of(soFar);
        } finally {
            soFar.release();
        }
        if (verdict instanceof Verdict.Undecided) {
            if (silentTooLong) {
                silentTooLong = false;
                deadline = raw.eventLoop()
                        .schedule(this::onDeadline, options.decideWithin().toMillis(), TimeUnit.MILLISECONDS);
            }
            return;
        }
        cancel(silence);
        cancel(deadline);
        if (verdict instanceof Verdict.Client) {
            connection.keepHalfOpen();
            unsorted++;
            findings.onClient(this, peer(""));
        } else if (verdict instanceof Verdict.Reversed reversed) {
            connection.dropFirst(reversed.announced());
            onReversed(reversed.name());
        } else if (verdict instanceof Verdict.Refused refused) {
            refuse(refused.reason());
        }
    }

    private boolean lacksIdentity() {
        PrefaceTls tls = options.tls();
        return tls != null && tls.proving() && identity.isEmpty();
    }

    private void onReversed(String name) {
        if (lacksIdentity()) {
            refuse("a reversed connection without identity (expected: a TLS client certificate with a name)");
        } else {
            unsorted++;
            findings.onReversed(this, peer(name));
        }
    }

    private Peer peer(String name) {
        return new Peer(identity, name, serverName, raw.remoteAddress());
    }

    private void refuse(String reason) {
        LOG.info("{}: closed: {}", raw.remoteAddress(), reason);
        raw.close();
    }

    @Override
    public void onGone(Connection connection) {
        cancel(silence);
        cancel(deadline);
        findings.onGone(connection);
    }

    /**
     * A finding has reached the meeting points; called before the connection is offered as what was found. Any thread. A claim that was sent
     * before comes before this, and so finds that it is out of date.
     */
    void onSorted() {
        connection.onLoop(() -> unsorted--, () -> {});
    }

    /** A silent one as long as it is silent, all others as what they were last found to be: a slow client is no reversed connection. */
    @Override
    public boolean mayBeTaken(Connection connection) {
        return unsorted == 0
                && (silentTooLong && connection.isSilent()
                        || verdict instanceof Verdict.Reversed
                        || verdict instanceof Verdict.Client);
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }
}
