package dev.culvert.node;

import java.util.concurrent.ExecutorService;

/** Threads of a node beside its event loops. Any thread; a node shuts down what it was given. */
public interface Workers {
    /** Threads of the system: for code of embedders virtual ones on Java 21 and later. */
    Workers SYSTEM = new Workers() {
        private static final int BLOCKING_THREADS = 32;

        @Override
        public ExecutorService blocking(String node) {
            return Threads.platform("culvert-blocking-" + node, BLOCKING_THREADS);
        }

        @Override
        public ExecutorService handlers(String node) {
            return Threads.handlers("culvert-handler-" + node);
        }
    };

    /** For short tasks that block: credentials, files, names. Bounded: rejects what it cannot begin at once. */
    ExecutorService blocking(String node);

    /** For handlers of streams, which may take as long as they like. Rejects what it cannot begin at once. */
    ExecutorService handlers(String node);
}
