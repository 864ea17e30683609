package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.policy.NamePatterns;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The reserved service {@code $watch}: tells what may be dialled, now and as it changes. Any thread. [WATCH-1] */
final class WatchService implements LocalService {
    static final String NAME = "$watch";
    static final String PATTERN = "pattern";

    /** Streams to it, of one session and in all. [WATCH-5] */
    static final int MAX_PER_SESSION = 16;

    static final int MAX_IN_ALL = 1_024;

    private final Switchboard board;
    private final RouteTable table;
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();

    WatchService(Switchboard board, RouteTable table) {
        this.board = board;
        this.table = table;
        table.onChange(key -> watchers.forEach(watcher -> watcher.onChange(key)));
    }

    @Override
    public String target() {
        return "watch";
    }

    @Override
    public void open(Incoming incoming) {
        Peer from = incoming.from();
        long own = watchers.stream().filter(watcher -> watcher.isOf(from)).count();
        if (own >= MAX_PER_SESSION || watchers.size() >= MAX_IN_ALL) {
            incoming.refuse(board.refused(
                    ErrorCode.BUSY,
                    "too many watches (limit: " + MAX_PER_SESSION + " for a session, " + MAX_IN_ALL + " in all)"));
            return;
        }
        NamePatterns patterns;
        try {
            Map<String, String> headers = incoming.call().open().getHeadersMap();
            patterns = NamePatterns.parse(headers.getOrDefault(PATTERN, "*"));
        } catch (IllegalArgumentException e) {
            incoming.refuse(board.refused(ErrorCode.PROTOCOL, String.valueOf(e.getMessage())));
            return;
        }
        Watcher watcher = new Watcher(this, table, from, patterns, incoming.stream());
        if (incoming.accept(watcher)) {
            watchers.add(watcher); // before the snapshot, so that nothing falls between the two
            watcher.begin();
        }
    }

    void onEnd(Watcher watcher) {
        watchers.remove(watcher);
    }

    /** Ends all watches: the node will go, and they would keep it. */
    void drain() {
        watchers.forEach(Watcher::finish);
    }
}
