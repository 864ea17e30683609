package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.api.StreamMode;
import dev.culvert.policy.Names;
import java.util.Locale;
import java.util.Map;

/** Refuses streams whose bytes are not what the service takes, before anything is delivered. Any thread. [MSG-2] */
final class ModeCheck implements LocalService {
    private final Switchboard board;
    private final StreamMode mode;
    private final LocalService service;

    ModeCheck(Switchboard board, StreamMode mode, LocalService service) {
        this.board = board;
        this.mode = mode;
        this.service = service;
    }

    @Override
    public String target() {
        return service.target();
    }

    @Override
    public void probe(Incoming incoming) {
        service.probe(incoming);
    }

    @Override
    public void open(Incoming incoming) {
        Map<String, String> headers = incoming.call().open().getHeadersMap();
        if (StreamMode.of(headers) == mode) {
            service.open(incoming);
            return;
        }
        String declared = headers.getOrDefault(StreamMode.HEADER, "bytes");
        incoming.refuse(board.refused(
                ErrorCode.PROTOCOL,
                "'" + incoming.call().key() + "' takes " + mode.name().toLowerCase(Locale.ROOT)
                        + ", and the caller opened a stream of " + Names.printable(declared)));
    }
}
