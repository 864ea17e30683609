package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.proto.SnapshotEnd;
import dev.culvert.link.proto.WatchEvent;
import dev.culvert.link.proto.WatchedService;
import dev.culvert.mux.MuxStream;
import dev.culvert.mux.StreamHandler;
import dev.culvert.policy.NamePatterns;
import dev.culvert.policy.Scope;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One who watches the services of this node. Owned by its stream's loop, but for {@link #onChange}, which any thread calls: it notes the name
 * only, and what is told is how things stand when its turn comes. So a slow watcher costs a note for each name and no more. [WATCH-4]
 */
final class Watcher implements StreamHandler {
    /** What may wait in the stream's queue before the next event is written. */
    private static final int HIGH_BYTES = 64 * 1024;

    private final WatchService service;
    private final RouteTable table;
    private final Peer from;
    private final NamePatterns patterns;
    private final MuxStream stream;
    private final Set<NameKey> changed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean due = new AtomicBoolean();
    private final Queue<NameKey> snapshot = new ArrayDeque<>();
    /** What was told and not taken back. */
    private final Map<NameKey, Told> told = new HashMap<>();

    private boolean synced;
    private boolean over;

    Watcher(WatchService service, RouteTable table, Peer from, NamePatterns patterns, MuxStream stream) {
        this.service = service;
        this.table = table;
        this.from = from;
        this.patterns = patterns;
        this.stream = stream;
    }

    /** What is said of a name besides itself. */
    private record Told(boolean lost, List<String> path) {}

    boolean isOf(Peer peer) {
        return from == peer;
    }

    /** Tells what is there now, then what changes. */
    void begin() {
        for (NameKey key : table.names()) {
            if (isWatched(key)) {
                snapshot.add(key);
            }
        }
        tell();
    }

    /** Something about a name is not as it was. Any thread. */
    void onChange(NameKey key) {
        if (isWatched(key)) {
            changed.add(key);
            if (due.compareAndSet(false, true)) {
                from.loop().execute(this::onDue);
            }
        }
    }

    private boolean isWatched(NameKey key) {
        return isVisible(from.scope(), key) && patterns.matches(key.label());
    }

    /** Whether one with this scope may know of a name: it may dial it. [WATCH-3] */
    static boolean isVisible(Scope scope, NameKey key) {
        return key.namespace().equals(scope.namespace())
                && (key.service().isEmpty() ? scope.mayDialPort(key.port()) : scope.mayDial(key.service()));
    }

    private void onDue() {
        due.set(false);
        tell();
    }

    private void tell() {
        while (!over && stream.queued() < HIGH_BYTES && !snapshot.isEmpty()) {
            tell(snapshot.remove());
        }
        if (!over && snapshot.isEmpty() && !synced) {
            synced = true;
            write(WatchEvent.newBuilder().setSynced(SnapshotEnd.getDefaultInstance()));
        }
        Iterator<NameKey> names = changed.iterator();
        while (!over && synced && stream.queued() < HIGH_BYTES && names.hasNext()) {
            NameKey key = names.next();
            names.remove(); // before the look, so that a change after it is noted again
            tell(key);
        }
    }

    private void tell(NameKey key) {
        RouteTable.Standing standing = table.standing(key);
        Told now = new Told(standing == RouteTable.Standing.LOST, table.path(key));
        if (standing == RouteTable.Standing.UNKNOWN) {
            if (told.remove(key) != null) {
                write(WatchEvent.newBuilder().setGone(named(key)));
            }
        } else if (!now.equals(told.put(key, now))) {
            WatchedService.Builder offered = named(key).setLost(now.lost()).addAllPath(now.path());
            write(WatchEvent.newBuilder().setOffered(offered));
        }
    }

    private static WatchedService.Builder named(NameKey key) {
        return WatchedService.newBuilder()
                .setNode(key.node())
                .setService(key.service())
                .setPort(key.port());
    }

    private void write(WatchEvent.Builder event) {
        stream.write(Wire.encode(stream.session().channel().alloc(), event.build(), Unpooled.EMPTY_BUFFER));
    }

    /** Ends the watch in order. Any thread. */
    void finish() {
        Hop.to(from.loop(), () -> {
            if (!over) {
                end();
                stream.finish();
                stream.handler(Discard.started(from, stream));
            }
        });
    }

    @Override
    public void onWritten(MuxStream opened, int bytes) {
        tell();
    }

    /** A watcher says nothing. [WATCH-2] */
    @Override
    public void onData(MuxStream opened, ByteBuf data) {
        data.release();
        end();
        stream.reset(ErrorCode.PROTOCOL.number());
    }

    @Override
    public void onFinish(MuxStream opened) {
        end();
        stream.finish();
    }

    @Override
    public void onReset(MuxStream opened, int code) {
        end();
    }

    @Override
    public void onStop(MuxStream opened, int code) {
        end();
        stream.reset(ErrorCode.CANCELLED.number());
    }

    @Override
    public void onClosed(MuxStream opened) {
        end();
    }

    private void end() {
        if (!over) {
            over = true;
            changed.clear();
            snapshot.clear();
            told.clear();
            service.onEnd(this);
        }
    }
}
