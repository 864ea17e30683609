package dev.culvert.node;

import dev.culvert.api.Address;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.Stream;
import dev.culvert.api.StreamResetException;
import dev.culvert.link.proto.StreamOpen;

/** Makes a blocking stream of a call that is accepted. <em>Stateless.</em> On the stream's loop. */
final class Accepted {
    private Accepted() {}

    static Stream stream(Incoming incoming, StreamPipe pipe) {
        StreamOpen open = incoming.call().open();
        Address address = new Address(open.getNode(), open.getService(), open.getPort(), open.getNamespace());
        return new BlockingStream(address, open.getPrincipal(), open.getHeadersMap(), pipe);
    }

    static void attach(Incoming incoming, StreamPipe pipe) {
        if (incoming.accept(pipe.handler())) {
            pipe.attach(incoming.stream());
        } else {
            pipe.fail(new StreamResetException(ErrorCode.CANCELLED.number(), "the caller has gone"));
        }
    }
}
