package dev.culvert.cli;

import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import dev.culvert.node.NodeConfig;
import dev.culvert.node.NodeListener;
import dev.culvert.node.OfferedService;
import dev.culvert.node.ServiceWatcher;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Asks the relays what may be dialled, once or for as long as somebody looks. Main thread. */
final class CatalogueReader {
    private final Surroundings surroundings;
    private final NodeConfig config;
    private final String patterns;
    private final Duration patience;

    /** @param patience for a link and for the first answer */
    CatalogueReader(Surroundings surroundings, NodeConfig config, String patterns, Duration patience) {
        this.surroundings = surroundings;
        this.config = config;
        this.patterns = patterns;
        this.patience = patience;
    }

    /** Is told what there is and what changes. On one thread that may block. */
    interface Reader {
        /** Everything that was there at the beginning. */
        void onAll(Catalogue catalogue);

        void onChange(String what, Catalogue.Row row);
    }

    /** @param stay until Ctrl+C; else the first answer ends it */
    void read(Reader reader, boolean stay) throws Failure {
        Stopping stopping = stay ? new Stopping(surroundings.interrupts()) : null;
        try (EventThread events = new EventThread();
                RunningNode running = surroundings.engine().start(config, NodeListener.NONE)) {
            running.node().awaitLink(patience);
            Watch watch = new Watch(reader, events);
            AutoCloseable watching = running.watch(patterns, watch);
            watch.awaitFirst(patience);
            if (stopping != null) {
                stopping.await();
            }
            close(watching);
        } catch (CulvertException e) {
            throw Failure.of("services", e);
        } catch (IOException e) {
            throw new Failure(ExitCode.NO_ROUTE, "services: " + e.getMessage());
        }
    }

    private static void close(AutoCloseable watching) throws IOException {
        try {
            watching.close();
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    /** Brings what several relays tell onto one thread. */
    private static final class Watch implements ServiceWatcher {
        private final Reader reader;
        private final EventThread events;
        private final Catalogue catalogue = new Catalogue();
        private final CountDownLatch first = new CountDownLatch(1);
        private final AtomicReference<@Nullable Failure> failure = new AtomicReference<>();
        private boolean all;

        Watch(Reader reader, EventThread events) {
            this.reader = reader;
            this.events = events;
        }

        void awaitFirst(Duration patience) throws Failure {
            try {
                if (!first.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new Failure(
                            ExitCode.NO_ROUTE, "services: no answer within " + Units.time(patience) + "; retry later");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Failure reason = failure.get();
            if (reason != null) {
                throw reason;
            }
        }

        @Override
        public void onOffered(OfferedService service) {
            events.execute(() -> {
                if (catalogue.offered(service) && all) {
                    reader.onChange("offered", catalogue.row(service));
                }
            });
        }

        @Override
        public void onGone(OfferedService service) {
            events.execute(() -> {
                Catalogue.Row row = catalogue.row(service);
                if (catalogue.gone(service) && all) {
                    reader.onChange("gone", row);
                }
            });
        }

        @Override
        public void onSynced(String relay) {
            events.execute(() -> {
                if (!all) {
                    all = true;
                    reader.onAll(catalogue);
                    first.countDown();
                }
            });
        }

        @Override
        public void onLost(String relay, ErrorCode code, String text) {
            events.execute(() -> {
                failure.compareAndSet(null, all ? null : Failure.refused("services of " + relay, code, text));
                first.countDown();
            });
        }
    }
}
