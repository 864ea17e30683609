package dev.culvert.mux.conformance;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxException;
import dev.culvert.mux.MuxSession;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.Splice;
import dev.culvert.mux.StreamHandler;
import dev.culvert.mux.sim.Traffic;

/** What a relay does with streams, without names and permissions: joins each to one on another session. */
final class Relay {
    private Relay() {}

    /** Every stream that arrives at {@code from} goes on over {@code to}. Both sessions are the relay's own. */
    static void forward(SessionLog from, MuxSession to) {
        from.answer(stream -> join(stream, to));
    }

    /** Joins {@code stream}, which has just arrived, with a new one on {@code to}. */
    static StreamHandler join(MuxStream stream, MuxSession to) {
        try {
            MuxStream onward = to.open(StreamLog.stalled());
            Splice splice = Splice.between(stream, onward);
            onward.handler(splice.second());
            return splice.first();
        } catch (MuxException refused) {
            stream.reset(refused.code().number());
            return StreamLog.stalled();
        }
    }

    /** Whether a stream was reset because its link was lost. */
    static boolean lost(Traffic traffic) {
        return traffic.resetCode() == ErrorCode.LINK_LOST.number();
    }
}
