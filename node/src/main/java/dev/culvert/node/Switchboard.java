package dev.culvert.node;

import dev.culvert.api.ErrorCode;

/** What every stream that comes in needs to find its way. Any thread. */
final class Switchboard {
    private final String node;
    private final Router router;
    private final Dialer dialer;
    private final Services services;
    private final Traffic traffic;
    private volatile boolean draining;

    Switchboard(Router router, Dialer dialer, Services services, Traffic traffic) {
        this.node = dialer.node();
        this.router = router;
        this.dialer = dialer;
        this.services = services;
        this.traffic = traffic;
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
        return traffic;
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
