package dev.culvert.link;

import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From one event loop to another. <em>Stateless.</em> */
final class Hop {
    private static final Logger LOG = LoggerFactory.getLogger(Hop.class);

    private Hop() {}

    /** Runs {@code task} there; a loop that has ended with its process has nobody left to tell. */
    static void to(EventLoop loop, Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("the event loop has ended: {}", e.getMessage());
        }
    }
}
