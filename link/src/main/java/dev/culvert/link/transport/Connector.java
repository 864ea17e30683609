package dev.culvert.link.transport;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Dials endpoints. <em>Any thread.</em> */
public final class Connector {
    private final Loops loops;
    private final Surroundings surroundings;

    public Connector(Loops loops) {
        this(loops, Surroundings.real());
    }

    Connector(Loops loops, Surroundings surroundings) {
        this.loops = loops;
        this.surroundings = surroundings;
    }

    /**
     * What dialling takes from its surroundings. <em>Immutable.</em>
     *
     * @param engine who does TLS
     * @param lookup finds addresses
     * @param environment its variables, for proxies
     * @param clock the time of day, for certificates
     * @param random spreads nodes over addresses; used on event loops split off for each attempt
     */
    record Surroundings(
            TlsEngine engine,
            NameLookup lookup,
            UnaryOperator<@Nullable String> environment,
            InstantSource clock,
            RandomGenerator.SplittableGenerator random) {
        static Surroundings real() {
            return new Surroundings(
                    TlsEngine.preferred(),
                    NameLookup.SYSTEM,
                    System::getenv,
                    InstantSource.system(),
                    new SplittableRandom());
        }
    }

    /**
     * Connects, and completes with a channel that carries the link's bytes as {@code ByteBuf}s in both directions, TLS and WebSocket
     * done. Completes on the channel's event loop; auto-read is off: the new owner adds its handlers at the end of the pipeline in a
     * listener of this future, then calls {@code channel.config().setAutoRead(true)}. Cancelling the future closes what was begun.
     * Fails with {@link ConnectFailed} and nothing else.
     */
    public Future<Channel> connect(Endpoint endpoint, ConnectOptions options, StepListener steps) {
        return ConnectAttempt.start(loops, surroundings, new ConnectAttempt.Order(endpoint, options, steps));
    }
}
