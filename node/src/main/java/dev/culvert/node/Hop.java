package dev.culvert.node;

import io.netty.util.concurrent.EventExecutor;

/** Runs a task on a loop: at once if this is the loop. <em>Stateless.</em> */
final class Hop {
    private Hop() {}

    static void to(EventExecutor loop, Runnable task) {
        if (loop.inEventLoop()) {
            task.run();
        } else {
            loop.execute(task);
        }
    }
}
