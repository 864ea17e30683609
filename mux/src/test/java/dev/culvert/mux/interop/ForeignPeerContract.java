package dev.culvert.mux.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.mux.MuxSession;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What must work with every implementation of yamux, in both roles and whoever opens the streams. Counts are small by
 * default; {@code -Dculvert.scale=full} runs 100,000 opens and 1 GiB each way.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ForeignPeerContract {
    private static final boolean FULL = "full".equals(System.getProperty("culvert.scale", ""));
    private static final int STREAMS = 4;
    private static final int BYTES = FULL ? 256 << 20 : 8 << 20;
    private static final int OPENS = FULL ? 100_000 : 4_000;

    /** Which end of yamux is ours. */
    enum Role {
        DIALLER,
        ACCEPTOR
    }

    /** The command line of a peer that connects to {@code port}, takes the other role and plays {@code scenario}. */
    abstract List<String> command(Role ours, int port, String... scenario);

    private ForeignPeer peer(Role ours, String... scenario) throws Exception {
        return new ForeignPeer(ours == Role.DIALLER, port -> command(ours, port, scenario));
    }

    private void drivenByPeer(Role ours, String... scenario) throws Exception {
        try (ForeignPeer peer = peer(ours, scenario)) {
            peer.expectOk();
        }
    }

    @ParameterizedTest
    @EnumSource
    void bulk_both_ways_on_streams_that_the_peer_opens(Role ours) throws Exception {
        drivenByPeer(ours, "bulk", "" + STREAMS, "" + BYTES);
    }

    @ParameterizedTest
    @EnumSource
    void open_echo_close_one_at_a_time_by_the_peer(Role ours) throws Exception {
        drivenByPeer(ours, "echo", "" + OPENS / 8, "1");
    }

    @ParameterizedTest
    @EnumSource
    void open_echo_close_64_at_a_time_by_the_peer(Role ours) throws Exception {
        drivenByPeer(ours, "echo", "" + OPENS, "64");
    }

    /** hashicorp blocks at 256 unacknowledged opens: [MUX-3]. */
    @ParameterizedTest
    @EnumSource
    void more_than_256_opens_by_the_peer_before_a_byte_is_written(Role ours) throws Exception {
        drivenByPeer(ours, "opens", "700");
    }

    @ParameterizedTest
    @EnumSource
    void half_close_by_the_peer(Role ours) throws Exception {
        drivenByPeer(ours, "half", "8", "1000000");
    }

    @ParameterizedTest
    @EnumSource
    void our_reset_is_understood(Role ours) throws Exception {
        drivenByPeer(ours, "reset");
    }

    @ParameterizedTest
    @EnumSource
    void the_peers_keep_alive_is_content_with_us(Role ours) throws Exception {
        drivenByPeer(ours, "idle", "2500");
    }

    @ParameterizedTest
    @EnumSource
    void bulk_both_ways_on_streams_that_we_open(Role ours) throws Exception {
        try (ForeignPeer peer = peer(ours, "serve")) {
            MuxSession session = peer.session();
            List<CompletableFuture<ByteBuf>> all = peer.onLoop(() -> {
                List<CompletableFuture<ByteBuf>> started = new ArrayList<>();
                for (int i = 0; i < STREAMS; i++) {
                    started.add(Asking.bulk(session, BYTES));
                }
                return started;
            });
            for (CompletableFuture<ByteBuf> each : all) {
                assertThat(ForeignPeer.await(each).toString(StandardCharsets.UTF_8))
                        .isEqualTo("k");
            }
            peer.drainAndExpectOk();
        }
    }

    @ParameterizedTest
    @EnumSource
    void open_echo_close_one_at_a_time_by_us(Role ours) throws Exception {
        echoes(ours, OPENS / 8, 1);
    }

    @ParameterizedTest
    @EnumSource
    void open_echo_close_64_at_a_time_by_us(Role ours) throws Exception {
        echoes(ours, OPENS, 64);
    }

    /** [MUX-13] No more than 256 at once reach the peer; the others wait in order and lose nothing. */
    @ParameterizedTest
    @EnumSource
    void a_thousand_opens_at_once_by_us(Role ours) throws Exception {
        echoes(ours, 1000, 1000);
    }

    @ParameterizedTest
    @EnumSource
    void half_close_by_us(Role ours) throws Exception {
        try (ForeignPeer peer = peer(ours, "serve")) {
            MuxSession session = peer.session();
            ByteBuf answer = ForeignPeer.await(peer.onLoop(() -> Asking.count(session, 1_000_000)));
            assertThat(answer.readLong()).isEqualTo(1_000_000);
            assertThat(answer.readInt()).isEqualTo(Pattern.crc(1_000_000));
            peer.drainAndExpectOk();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_peers_reset_is_understood(Role ours) throws Exception {
        try (ForeignPeer peer = peer(ours, "serve")) {
            MuxSession session = peer.session();
            CompletableFuture<ByteBuf> reset = peer.onLoop(() -> Asking.reset(session));
            Assertions.assertThatExceptionOfType(ExecutionException.class)
                    .isThrownBy(() -> ForeignPeer.await(reset))
                    .withMessageContaining("reset");
            ByteBuf echo = ForeignPeer.await(peer.onLoop(() -> Asking.echo(session, "alive")));
            assertThat(echo.toString(StandardCharsets.UTF_8)).isEqualTo("alive");
            peer.drainAndExpectOk();
        }
    }

    private void echoes(Role ours, int count, int width) throws Exception {
        try (ForeignPeer peer = peer(ours, "serve")) {
            Echoes echoes = new Echoes(peer.session(), count);
            peer.onLoop(() -> {
                for (int i = 0; i < width; i++) {
                    echoes.next();
                }
                return 0;
            });
            ForeignPeer.await(echoes.done);
            assertThat(peer.onLoop(() -> peer.session().openStreams())).isZero();
            peer.drainAndExpectOk();
        }
    }

    /** A number of echoes, each started by the end of one before. Owned by the session's event loop. */
    private static final class Echoes {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final MuxSession session;
        private final int count;
        private int started;
        private int ended;

        Echoes(MuxSession session, int count) {
            this.session = session;
            this.count = count;
        }

        void next() {
            if (started == count) {
                return;
            }
            String message = "message " + started++;
            Asking.echo(session, message).whenComplete((reply, failure) -> onReply(message, reply, failure));
        }

        private void onReply(String message, ByteBuf reply, Throwable failure) {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else if (!message.equals(reply.toString(StandardCharsets.UTF_8))) {
                done.completeExceptionally(new AssertionError(reply.toString(StandardCharsets.UTF_8)));
            } else if (++ended == count) {
                done.complete(null);
            } else {
                session.loop().execute(this::next);
            }
        }
    }
}
