package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation")
final class AlignedReadsTest {
    private static final ByteBufAllocator MEMORY = PooledByteBufAllocator.DEFAULT;

    private final RecvByteBufAllocator.Handle handle = new AlignedReads().newHandle();

    /** As if reads had filled one buffer after the other. */
    private void growTo(int size) {
        while (handle.guess() < size) {
            handle.reset(null);
            handle.attemptedBytesRead(handle.guess());
            handle.lastBytesRead(handle.guess());
            handle.readComplete();
        }
    }

    @Test
    void a_large_read_begins_with_a_page_and_has_room_for_all_that_is_expected() {
        growTo(64 * 1024);
        for (int i = 0; i < 10; i++) {
            ByteBuf odd = MEMORY.ioBuffer(1000 + i);
            ByteBuf buffer = handle.allocate(MEMORY);
            assumeThat(buffer.hasMemoryAddress())
                    .as("addresses of memory are known")
                    .isTrue();
            assertThat(buffer.memoryAddress() + buffer.writerIndex()).matches(address -> address % 4096 == 0);
            assertThat(buffer.readableBytes()).isZero();
            assertThat(buffer.writableBytes()).isGreaterThanOrEqualTo(64 * 1024);
            buffer.release();
            odd.release();
        }
    }

    @Test
    void a_small_read_costs_no_more_than_it_needs() {
        ByteBuf buffer = handle.allocate(MEMORY);
        assertThat(buffer.writerIndex()).isZero();
        assertThat(buffer.capacity()).isEqualTo(handle.guess()).isLessThan(32 * 1024);
        buffer.release();
    }
}
