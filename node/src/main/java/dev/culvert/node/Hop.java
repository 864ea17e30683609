package dev.culvert.node;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a task on a loop: at once if this is the loop. A loop that has ended with its node has nobody left to tell. <em>Stateless.</em> */
final class Hop {
    private static final Logger LOG = LoggerFactory.getLogger(Hop.class);

    private Hop() {}

    static void to(EventExecutor loop, Runnable task) {
        if (!reaches(loop, task)) {
            LOG.debug("The event loop has ended: {}", loop);
        }
    }

    /** False: the loop has ended, and the task will not run. */
    static boolean reaches(EventExecutor loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
            return true;
        }
        try {
            loop.execute(task);
            return true;
        } catch (RejectedExecutionException ended) {
            return false;
        }
    }
}
