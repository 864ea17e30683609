package dev.culvert.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** [MUX-2] [MUX-17] */
class IdSequenceTest {
    @Test
    void ids_rise_by_two() {
        IdSequence ids = new IdSequence(3);
        ids.reserve();
        ids.reserve();
        assertThat(ids.take()).isEqualTo(3);
        assertThat(ids.take()).isEqualTo(5);
        assertThat(ids.wasUsed(5)).isTrue();
        assertThat(ids.wasUsed(7)).isFalse();
        assertThat(ids.isOdd()).isTrue();
    }

    @Test
    void the_last_odd_id_is_used_and_then_there_is_none() {
        IdSequence ids = new IdSequence(0xffff_fffdL);
        assertThat(ids.remaining()).isEqualTo(2);
        assertThat(ids.reserve()).isTrue();
        assertThat(ids.reserve()).isTrue();
        assertThat(ids.reserve()).isFalse();
        ids.take();
        assertThat(Integer.toUnsignedLong(ids.take())).isEqualTo(0xffff_ffffL);
        assertThat(ids.remaining()).isZero();
    }

    @Test
    void the_last_even_id_is_used_and_then_there_is_none() {
        IdSequence ids = new IdSequence(0xffff_fffeL);
        assertThat(ids.remaining()).isEqualTo(1);
        assertThat(ids.reserve()).isTrue();
        assertThat(ids.reserve()).isFalse();
        assertThat(Integer.toUnsignedLong(ids.take())).isEqualTo(0xffff_fffeL);
    }

    @Test
    void what_was_cancelled_can_be_reserved_again() {
        IdSequence ids = new IdSequence(0xffff_ffffL);
        assertThat(ids.reserve()).isTrue();
        ids.cancel();
        assertThat(ids.reserve()).isTrue();
    }

    @Test
    void nothing_is_taken_without_reservation() {
        IdSequence ids = new IdSequence(2);
        assertThatThrownBy(ids::take).isInstanceOf(IllegalStateException.class);
        assertThat(ids.isOdd()).isFalse();
    }
}
