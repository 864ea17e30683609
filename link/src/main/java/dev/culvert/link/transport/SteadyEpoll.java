package dev.culvert.link.transport;

import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.util.concurrent.ThreadAwareExecutor;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Netty's epoll with two flaws of the versions 4.2.13 to 4.2.20 mended. Owned by its event loop.
 *
 * <p>Netty takes a socket out of the epoll set when no event is wanted of it, and then fails to put it back ({@code epoll_ctl: No such file or
 * directory}), which closes the channel and loses what was not read. That happens to every channel that is not being read while its peer
 * finishes: one under back pressure, or one whose dial is still going on. Here such a socket stays in the set without interest;
 * edge-triggered, so that a hang-up does not wake the loop again and again.
 *
 * <p>Netty finds the channel of an event by its descriptor. When a channel is closed and another one opened in one turn of the loop, the new one
 * may have the old one's descriptor, and hears of the old one's hang-up, which ends it before it was connected. Here a socket that is not yet in
 * the set hears of nothing.
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
        Steady steady = new Steady((EpollIoHandle) handle);
        steady.registration = epoll.register(steady);
        return steady;
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

    /** A socket and its place in the set: never asked for nothing once it was asked for something, and silent until then. */
    @SuppressWarnings("try") // close() may throw anything, as Netty's interface has it
    private static final class Steady implements IoRegistration, EpollIoHandle {
        private final EpollIoHandle handle;
        private @Nullable IoRegistration registration;
        private boolean added;

        Steady(EpollIoHandle handle) {
            this.handle = handle;
        }

        @Override
        public long submit(IoOps ops) {
            boolean nothing = ops.equals(EpollIoOps.NONE);
            added |= !nothing;
            return registration().submit(added && nothing ? EpollIoOps.EPOLLET : ops);
        }

        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // so it is in Netty's interface
        public <T> T attachment() {
            return registration().attachment();
        }

        @Override
        public boolean isValid() {
            return registration().isValid();
        }

        @Override
        public boolean cancel() {
            return registration().cancel();
        }

        @Override
        public void handle(IoRegistration from, IoEvent event) {
            if (added) {
                handle.handle(this, event);
            }
        }

        @Override
        public FileDescriptor fd() {
            return handle.fd();
        }

        @Override
        public void registered() {
            handle.registered();
        }

        @Override
        public void unregistered() {
            handle.unregistered();
        }

        @Override
        public void close() throws Exception {
            handle.close();
        }

        private IoRegistration registration() {
            return Objects.requireNonNull(registration, "not registered");
        }
    }
}
