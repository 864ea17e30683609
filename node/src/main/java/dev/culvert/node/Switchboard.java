package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import org.jspecify.annotations.Nullable;

/** What every stream that comes in needs to find its way. Any thread. */
final class Switchboard {
    private final String node;
    private final Router router;
    private final Dialer dialer;
    private final Services services;
    private final Pipes pipes;
    private volatile boolean draining;
    private volatile @Nullable DirectDesk direct;

    Switchboard(Router router, Dialer dialer, Services services, Pipes pipes) {
        this.node = dialer.node();
        this.router = router;
        this.dialer = dialer;
        this.services = services;
        this.pipes = pipes;
    }

    String node() {
        return node;
    }

    Router router() {
        return router;
    }

    Dialer dialer() {
        return dialer;
    }

    Services services() {
        return services;
    }

    Traffic traffic() {
        return pipes.traffic();
    }

    /** For streams that a thread reads and writes. */
    Pipes pipes() {
        return pipes;
    }

    /** Of a node that takes direct links; null: it takes none. */
    @Nullable
    DirectDesk direct() {
        return direct;
    }

    /** Before links are taken. */
    void direct(DirectDesk desk) {
        direct = desk;
    }

    /** From now on streams that come in are refused DRAINING. */
    void drain() {
        draining = true;
    }

    boolean isDraining() {
        return draining;
    }

    Refused refused(ErrorCode code, String text) {
        return Refused.here(node, code, text);
    }
}
