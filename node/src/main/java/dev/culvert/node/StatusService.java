package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import io.netty.buffer.ByteBufUtil;
import java.util.concurrent.CompletionStage;

/** The reserved service {@code $status}: answers with one JSON object and finishes. Any thread. [OPEN-13] */
final class StatusService implements LocalService {
    static final String NAME = "$status";

    private final StatusView view;

    StatusService(StatusView view) {
        this.view = view;
    }

    @Override
    public String target() {
        return "status";
    }

    @Override
    public void open(Incoming incoming) {
        Peer from = incoming.from();
        CompletionStage<NodeStatus> look = from.trust() == Peer.Trust.SELF ? view.look() : view.look(from.scope());
        look.whenComplete((status, failure) -> Hop.to(from.loop(), () -> {
            if (failure == null) {
                answer(incoming, StatusView.json(status));
            } else {
                incoming.refuse(Refused.here(from.node(), ErrorCode.INTERNAL, "no status: " + failure));
            }
        }));
    }

    private static void answer(Incoming incoming, String json) {
        Discard discard = new Discard(incoming.from());
        if (incoming.accept(discard)) {
            incoming.stream()
                    .write(ByteBufUtil.writeUtf8(
                            incoming.stream().session().channel().alloc(), json + "\n"));
            incoming.stream().finish();
            discard.start(incoming.stream());
        }
    }
}
