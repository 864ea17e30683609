package dev.culvert.mux.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.culvert.mux.Profile;
import dev.culvert.mux.sim.Frame;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Random frames never crash a session or make it grow: [MUX-6]. */
class FrameFuzzTest {
    private static final int INPUTS = Integer.getInteger("culvert.fuzz.inputs", 300);

    @FuzzTest(maxDuration = "10m")
    void the_acceptor_survives_any_bytes(byte[] bytes) {
        HostileBytes.againstAcceptor(bytes);
    }

    @FuzzTest(maxDuration = "10m")
    void the_dialler_survives_any_bytes_in_X(byte[] bytes) {
        HostileBytes.againstDialler(Profile.X, bytes);
    }

    @FuzzTest(maxDuration = "10m")
    void the_dialler_survives_any_bytes_in_Y(byte[] bytes) {
        HostileBytes.againstDialler(Profile.Y, bytes);
    }

    /** Mostly proper frames with a few wrong ones: random bytes alone never get past the first header. */
    @ParameterizedTest
    @EnumSource
    void both_roles_survive_seeded_frames(Profile profile) {
        int version = profile == Profile.X ? 1 : 0;
        for (int seed = 0; seed < INPUTS; seed++) {
            byte[] bytes = frames(new Random(seed), version);
            try {
                HostileBytes.againstAcceptor(bytes);
                HostileBytes.againstDialler(profile, bytes);
            } catch (AssertionError failure) {
                throw new AssertionError("frames of seed " + seed + " in " + profile, failure);
            }
        }
    }

    private static byte[] frames(Random random, int version) {
        ByteBuf all = Unpooled.buffer();
        int count = 1 + random.nextInt(40);
        for (int i = 0; i < count; i++) {
            ByteBuf one = frame(random, version, i).encode(UnpooledByteBufAllocator.DEFAULT);
            all.writeBytes(one);
            one.release();
        }
        if (random.nextInt(8) == 0) {
            all.setByte(random.nextInt(all.readableBytes()), random.nextInt(256));
        }
        byte[] bytes = new byte[all.readableBytes()];
        all.readBytes(bytes);
        return bytes;
    }

    private static Frame frame(Random random, int version, int index) {
        int id = random.nextInt(30) == 0 ? random.nextInt() : random.nextInt(12);
        int flags = random.nextInt(3) == 0 ? random.nextInt(32) : 1 << random.nextInt(4);
        if (index < 4) {
            id = 2 * index + 1;
            flags = Frame.SYN;
        }
        return switch (random.nextInt(12)) {
            case 0 -> Frame.ping(version, random.nextBoolean() ? Frame.SYN : Frame.ACK, random.nextInt(5));
            case 1 -> Frame.goAway(version, random.nextInt(4));
            case 2, 3, 4, 5 -> Frame.windowUpdate(version, flags & credible(random), id, credit(random));
            default -> Frame.data(version, flags & credible(random), id, new byte[length(random)]);
        };
    }

    /** Most frames carry no flag but SYN. */
    private static int credible(Random random) {
        return random.nextInt(4) == 0 ? 31 : Frame.SYN;
    }

    private static int credit(Random random) {
        return random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(100_000);
    }

    private static int length(Random random) {
        return random.nextInt(6) == 0 ? random.nextInt(20_000) : random.nextInt(300);
    }
}
