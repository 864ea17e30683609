package dev.culvert.mux;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * Large reads begin where a page of memory begins: the kernel copies into other places at down to half the speed, and buffers of Netty begin
 * anywhere. For channels that carry much: links, and the sockets that streams lead to. Any thread; handles belong to a channel's loop.
 */
@SuppressWarnings("deprecation") // Netty asks for this type of handle and calls it deprecated
public final class AlignedReads extends AdaptiveRecvByteBufAllocator {
    private static final int PAGE = 4096;
    /** Below this a page more for each buffer would cost more than it wins. */
    private static final int LARGE = 32 * 1024;
    /** Netty's own for sockets. */
    private static final int READS_IN_A_ROW = 16;

    public AlignedReads() {
        maxMessagesPerRead(READS_IN_A_ROW);
    }

    @Override
    public Handle newHandle() {
        return new Aligned((ExtendedHandle) super.newHandle());
    }

    private static final class Aligned extends DelegatingHandle implements ExtendedHandle {
        Aligned(ExtendedHandle sizes) {
            super(sizes);
        }

        @Override
        public ByteBuf allocate(ByteBufAllocator allocator) {
            int size = guess();
            if (size < LARGE) {
                return super.allocate(allocator);
            }
            ByteBuf buffer = allocator.ioBuffer(size + PAGE);
            if (buffer.hasMemoryAddress()) {
                int skipped = (int) (-buffer.memoryAddress() & PAGE - 1);
                buffer.setIndex(skipped, skipped);
            }
            return buffer;
        }

        @Override
        public boolean continueReading(UncheckedBooleanSupplier mayBeMore) {
            return ((ExtendedHandle) delegate()).continueReading(mayBeMore);
        }
    }
}
