package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.mux.sim.Payload;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** A service that sends back what comes, and checks it. Owned by the simulation's thread. What a call wants is in its headers. */
class SimEcho implements LocalService {
    /** Header: the number of the call. */
    static final String CALL = "call";

    /** Header: milliseconds until the answer; negative: never. */
    static final String WAIT = "wait";

    /** Header: the name of a code to refuse with. */
    static final String REFUSE = "refuse";

    private final SimSystem system;
    private final SimNode node;

    SimEcho(SimSystem system, SimNode node) {
        this.system = system;
        this.node = node;
    }

    @Override
    public String target() {
        return "echo";
    }

    @Override
    public void open(Incoming incoming) {
        String wait = incoming.call().open().getHeadersOrDefault(WAIT, "0");
        long millis = Long.parseLong(wait);
        EventLoop loop = incoming.stream().session().loop();
        if (millis == 0) {
            answer(incoming);
        } else if (millis > 0) {
            loop.schedule(() -> answer(incoming), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void answer(Incoming incoming) {
        String refuse = incoming.call().open().getHeadersOrDefault(REFUSE, "");
        if (!refuse.isEmpty()) {
            incoming.refuse(Refused.here(node.host.name(), ErrorCode.valueOf(refuse), "as the call wants"));
            return;
        }
        SimCall call = system.call(incoming.call().open().getHeadersOrThrow(CALL));
        Counted.accept(incoming, node.parts().board().traffic(), new Served(call));
    }

    /** Sends the bytes back; consumes them. */
    void send(MuxStream stream, ByteBuf data) {
        stream.write(data);
    }

    /** One stream. */
    private final class Served implements StreamHandler {
        private final SimCall call;
        private final Payload payload;
        private long received;

        Served(SimCall call) {
            this.call = call;
            this.payload = call.payload();
        }

        @Override
        public void onData(MuxStream stream, ByteBuf data) {
            int bytes = data.readableBytes();
            try {
                payload.check(received, data);
            } catch (AssertionError wrong) {
                system.fail("%s at the service: %s", call, wrong.getMessage());
            }
            received += bytes;
            call.onDelivered();
            send(stream, data);
            stream.consumed(bytes);
        }

        @Override
        public void onFinish(MuxStream stream) {
            if (received != call.total()) {
                system.fail(
                        "lost bytes: %s finished at the service after %d of %d bytes", call, received, call.total());
            }
            stream.finish();
        }

        @Override
        public void onReset(MuxStream stream, int code) {
            system.log("%s: %s was reset at the service, %s", node, call, ErrorCode.of(code));
        }
    }
}
