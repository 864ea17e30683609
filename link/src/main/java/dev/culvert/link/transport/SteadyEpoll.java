package dev.culvert.link.transport;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.util.concurrent.ThreadAwareExecutor;

/**
 * Netty's epoll, with sockets that keep their place in the epoll set for as long as they are registered. Owned by its event loop.
 *
 * <p>Netty 4.2.13 to 4.2.20 takes a socket out of the set when no event is wanted of it, and then fails to put it back ({@code epoll_ctl: No
 * such file or directory}), which closes the channel and loses what was not read. That happens to every channel that is not being read while
 * its peer finishes: one under back pressure, or one whose dial is still going on. Here such a socket stays in the set without interest;
 * edge-triggered, so that a hang-up does not wake the loop again and again.
 */
final class SteadyEpoll implements IoHandler {
    private final IoHandler epoll;

    private SteadyEpoll(IoHandler epoll) {
        this.epoll = epoll;
    }

    static IoHandlerFactory newFactory() {
        IoHandlerFactory epoll = EpollIoHandler.newFactory();
        return new IoHandlerFactory() {
            @Override
            public IoHandler newHandler(ThreadAwareExecutor executor) {
                return new SteadyEpoll(epoll.newHandler(executor));
            }

            @Override
            public boolean isChangingThreadSupported() {
                return epoll.isChangingThreadSupported();
            }
        };
    }

    @Override
    public IoRegistration register(IoHandle handle) throws Exception {
        return new Steady(epoll.register(handle));
    }

    @Override
    public void initialize() {
        epoll.initialize();
    }

    @Override
    public int run(IoHandlerContext context) {
        return epoll.run(context);
    }

    @Override
    public void prepareToDestroy() {
        epoll.prepareToDestroy();
    }

    @Override
    public void destroy() {
        epoll.destroy();
    }

    @Override
    public void wakeup() {
        epoll.wakeup();
    }

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
        return epoll.isCompatible(handleType);
    }

    /** A registration that is never asked for nothing once it was asked for something. */
    private static final class Steady implements IoRegistration {
        private final IoRegistration registration;
        private boolean added;

        Steady(IoRegistration registration) {
            this.registration = registration;
        }

        @Override
        public long submit(IoOps ops) {
            if (!ops.equals(EpollIoOps.NONE)) {
                added = true;
            }
            return registration.submit(added && ops.equals(EpollIoOps.NONE) ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // so it is in Netty's interface
        public <T> T attachment() {
            return registration.attachment();
        }

        @Override
        public boolean isValid() {
            return registration.isValid();
        }

        @Override
        public boolean cancel() {
            return registration.cancel();
        }
    }
}
