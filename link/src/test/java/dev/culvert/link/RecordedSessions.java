package dev.culvert.link;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Hello;
import dev.culvert.link.proto.Welcome;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;

/** A node that admits everybody unless told otherwise, echoes on streams and records what it hears. Owned by the test's thread. */
final class RecordedSessions implements SessionListener {
    final List<Session> up = new ArrayList<>();
    final List<Welcome> welcomes = new ArrayList<>();
    final List<Hello> hellos = new ArrayList<>();
    final List<Control> controls = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    int admitted;
    int down;
    BiFunction<Session, Hello, CompletionStage<Admission>> admission =
            (session, hello) -> CompletableFuture.completedFuture(new Admitted(Welcome.getDefaultInstance()));

    @Override
    public CompletionStage<Admission> admit(Session session, Hello hello) {
        hellos.add(hello);
        events.add("admit #" + session.attempt());
        return admission.apply(session, hello).whenComplete((answer, failure) -> {
            if (answer instanceof Admitted) {
                admitted++;
            }
        });
    }

    @Override
    public void onUp(Session session, Welcome welcome) {
        up.add(session);
        welcomes.add(welcome);
        events.add("up #" + session.attempt());
    }

    @Override
    public StreamHandler onStream(Session session, MuxStream stream) {
        return new Echo();
    }

    @Override
    public void onControl(Session session, Control message) {
        controls.add(message);
    }

    @Override
    public void onDown(Session session, ErrorCode code, String reason) {
        up.remove(session);
        down++;
        events.add("down #" + session.attempt() + " " + code);
    }

    /** Sends back what comes. */
    static final class Echo implements StreamHandler {
        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            int bytes = data.readableBytes();
            stream.write(data);
            stream.consumed(bytes);
        }

        @Override
        public void onFinish(MuxStream stream) {
            stream.finish();
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            // nothing is kept for a stream
        }
    }
}
