package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Drain;
import dev.culvert.link.proto.RelayAddress;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Takes leave of one session: announces, takes streams until routes have settled, refuses new ones and ends with the last or when the
 * grace is over. Any thread. [CTRL-6]
 */
final class Leave {
    private Leave() {}

    static void take(Session session, DrainPlan plan) {
        EventLoop loop = session.mux().loop();
        Hop.to(loop, () -> announce(session, plan));
        loop.schedule(() -> refuse(session), plan.settleMillis(), TimeUnit.MILLISECONDS);
        loop.schedule(() -> end(session), plan.graceMillis(), TimeUnit.MILLISECONDS);
    }

    /** Without an announcement: the peer has its routes elsewhere already. */
    static void quietly(Session session, long settleMillis, long graceMillis) {
        EventLoop loop = session.mux().loop();
        loop.schedule(() -> refuse(session), settleMillis, TimeUnit.MILLISECONDS);
        loop.schedule(() -> end(session), settleMillis + graceMillis, TimeUnit.MILLISECONDS);
    }

    private static void announce(Session session, DrainPlan plan) {
        Drain.Builder drain =
                Drain.newBuilder().setGraceMillis((int) plan.graceMillis()).setSpreadMillis((int) plan.spreadMillis());
        for (RelayAddress relay : plan.relays()) {
            if (drain.build().getSerializedSize() + relay.getSerializedSize() < ControlStream.LIMIT / 2) {
                drain.addRelays(relay);
            }
        }
        session.send(Control.newBuilder().setDrain(drain).build());
    }

    private static void refuse(Session session) {
        if (!session.ended()) {
            session.mux().drain();
        }
    }

    private static void end(Session session) {
        if (!session.ended()) {
            session.mux().close(ErrorCode.DRAINING, "the grace to end is over");
        }
    }
}
