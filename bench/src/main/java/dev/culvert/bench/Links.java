package dev.culvert.bench;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxSession;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Holds {@code n} idle links to one server. */
final class Links {
    /** What the processes need for their first links is not the links'. */
    static final int WARM_LINKS = 500;

    private static final long PING_SECONDS = 10;

    private Links() {}

    static void run(PeerOptions options) {
        Wiring wiring = new Wiring(options);
        Conductor conductor = new Conductor();
        for (BareLink link : open(wiring, WARM_LINKS)) {
            CompletableFuture.runAsync(() -> link.session().close(ErrorCode.OK, "warm"), link.loop())
                    .join();
        }
        conductor.at("warm");
        conductor.at("base");
        List<BareLink> links = open(wiring, options.number("n", 1000));
        conductor.at("open");
        conductor.result("links=" + links.size());
    }

    private static List<BareLink> open(Wiring wiring, int n) {
        List<BareLink> links = new ArrayList<>(n);
        for (int i = 0; i < n; i++) {
            BareLink link = BareLink.connect(wiring);
            ping(link.session());
            links.add(link);
        }
        return links;
    }

    private static void ping(MuxSession session) {
        CompletableFuture<Long> nanos = new CompletableFuture<>();
        session.loop().execute(() -> session.ping(nanos::complete));
        if (Opener.await(nanos, PING_SECONDS) < 0) {
            Conductor.fail("a link ended before its ping came back");
        }
    }
}
