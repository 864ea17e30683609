package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Refusal;
import dev.culvert.link.proto.Welcome;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A listener whose bugs end one session at most and are logged. <em>Immutable.</em> */
final class SessionEvents {
    private static final Logger LOG = LoggerFactory.getLogger(SessionEvents.class);

    private final SessionListener listener;

    SessionEvents(SessionListener listener) {
        this.listener = listener;
    }

    /** Never fails: an exception is a refusal. */
    CompletionStage<SessionListener.Admission> admit(Session session, Hello hello) {
        CompletionStage<SessionListener.Admission> answer;
        try {
            answer = listener.admit(session, hello);
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedStage(e);
        }
        return answer.exceptionally(failure -> {
            LOG.error("the admission of {} failed", session, failure);
            Refusal refusal = Refusals.of(ErrorCode.INTERNAL, "the relay failed to admit the session (see its log)");
            return new SessionListener.NotAdmitted(refusal);
        });
    }

    void onUp(Session session, Welcome welcome) {
        guard(session, () -> listener.onUp(session, welcome));
    }

    StreamHandler onStream(Session session, MuxStream stream) {
        return listener.onStream(session, stream);
    }

    void onControl(Session session, Control message) {
        guard(session, () -> listener.onControl(session, message));
    }

    void onDown(Session session, ErrorCode code, String reason) {
        guard(session, () -> listener.onDown(session, code, reason));
    }

    private static void guard(Session session, Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("the listener of {} failed", session, e);
            session.close(ErrorCode.INTERNAL, "the owner of the session failed");
        }
    }
}
