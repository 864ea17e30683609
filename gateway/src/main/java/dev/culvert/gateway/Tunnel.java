package dev.culvert.gateway;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;

/**
 * What an exchange becomes when its service switches protocols: bytes both ways, in which each half ends by itself. Owned by the event loop of its
 * client.
 */
final class Tunnel {
    private final ClientLeg client;
    private final ServiceLeg service;
    private boolean clientFinished;
    private boolean serviceFinished;

    Tunnel(ClientLeg client, ServiceLeg service) {
        this.client = client;
        this.service = service;
    }

    /** What was agreed on; what else stood in the service's head about its own connection is gone already. */
    void announce(HttpResponse head, String protocol) {
        HttpHeaders headers = head.headers();
        headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.UPGRADE);
        headers.set(HttpHeaderNames.UPGRADE, protocol);
        client.interim(head);
    }

    /** Behind the head: from now on bytes are nobody's business but the two ends'. */
    void open() {
        service.stopEncoding();
        client.becomeTunnel();
        service.stopDecoding();
        client.pump();
    }

    /** The reference is consumed. */
    void toService(ByteBuf bytes) {
        service.send(bytes);
    }

    /** The reference is consumed. */
    void toClient(ByteBuf bytes) {
        client.bytes(bytes);
    }

    void onClientFinished() {
        clientFinished = true;
        service.finish();
    }

    void onServiceFinished() {
        serviceFinished = true;
        client.finishBytes();
    }

    /** Whether both halves have ended. */
    boolean isOver() {
        return serviceFinished && clientFinished;
    }
}
