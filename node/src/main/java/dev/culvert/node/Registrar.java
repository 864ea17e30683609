package dev.culvert.node;

import dev.culvert.api.ErrorCode;
import dev.culvert.link.PeerText;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Withdrawn;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the {@link Registry} on one event loop: brings it events and time, and does what it decides. Any thread may call; results complete on
 * that loop.
 */
final class Registrar {
    private static final Logger LOG = LoggerFactory.getLogger(Registrar.class);

    private final EventLoop loop;
    private final Registry registry;
    private final PublicPorts ports;
    private final long startNanos;
    private final Map<Long, CompletableFuture<Decision>> admissions = new HashMap<>();
    private final Map<Key, CompletableFuture<Answer>> answers = new HashMap<>();
    private @Nullable Future<?> timer;
    private long timerNanos = Long.MAX_VALUE;

    Registrar(EventLoop loop, Registry registry, PublicPorts ports) {
        this.loop = loop;
        this.registry = registry;
        this.ports = ports;
        this.startNanos = loop.ticker().nanoTime();
    }

    private record Key(long member, int offer) {}

    /** What became of one offer. {@code publicPort} 0: none. */
    record Answer(Offer offer, Outcome outcome, int publicPort) {}

    /** What became of one who wants in. */
    sealed interface Decision permits In, Out {}

    /** It is in, with these services. */
    record In(List<Answer> answers) implements Decision {}

    /** It is not. */
    record Out(ErrorCode code, String text, long retryAfterNanos) implements Decision {}

    CompletionStage<Decision> admit(Member member, List<Offer> offers, Set<Long> leaving) {
        CompletableFuture<Decision> decided = new CompletableFuture<>();
        Hop.to(loop, () -> {
            admissions.put(member.id(), decided);
            run(() -> registry.admit(now(), member, offers, leaving));
        });
        return decided;
    }

    CompletionStage<Answer> register(Member member, Offer offer) {
        CompletableFuture<Answer> answered = new CompletableFuture<>();
        Hop.to(loop, () -> {
            CompletableFuture<Answer> before = answers.put(new Key(member.id(), offer.id()), answered);
            if (before != null) {
                before.complete(new Answer(
                        offer,
                        new Outcome(ErrorCode.PROTOCOL, "registration id " + offer.id() + " was used again"),
                        0));
            }
            run(() -> registry.register(now(), member, offer));
        });
        return answered;
    }

    void unregister(Member member, int offerId) {
        Hop.to(loop, () -> {
            ports.close(member, offerId);
            run(() -> registry.unregister(member, offerId));
        });
    }

    /** A name belongs to another: its registration here ends, and its owner is told. On the loop. [ROUTE-16] */
    void withdraw(Route route, ErrorCode code, String text) {
        Member member = route.member();
        LOG.info("{} loses '{}': {}", member.node(), route.offer().label(), text);
        unregister(member, route.offer().id());
        if (member.exit() instanceof Peer peer) {
            Withdrawn.Builder withdrawn = Withdrawn.newBuilder()
                    .setId(route.offer().id())
                    .setCode(code.number())
                    .setText(PeerText.oneLine(text));
            Hop.to(
                    peer.loop(),
                    () -> peer.session()
                            .send(Control.newBuilder().setWithdrawn(withdrawn).build()));
        }
    }

    /** The member's session is over. {@code keep}: its names are kept for it for a while. */
    void down(Member member, boolean keep) {
        Hop.to(loop, () -> {
            admissions.remove(member.id());
            answers.keySet().removeIf(key -> key.member() == member.id());
            ports.closeAll(member);
            run(() -> registry.down(now(), member, keep));
        });
    }

    /** Calls {@code task} with the public port of each registration that has one. On the loop. */
    int publicPort(Route route) {
        return ports.port(route.member(), route.offer());
    }

    EventLoop loop() {
        return loop;
    }

    /** Members that are in, this node included. On the loop. */
    int members() {
        return registry.members();
    }

    /** Who waits for a decision or an answer. On the loop. */
    int waiting() {
        return admissions.size() + answers.size();
    }

    /** Ends timers and public ports; completes when that is done. */
    CompletionStage<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        Hop.to(loop, () -> {
            ports.closeAll();
            if (timer != null) {
                timer.cancel(false);
            }
            closed.complete(null);
        });
        return closed;
    }

    private long now() {
        return loop.ticker().nanoTime() - startNanos;
    }

    private void run(Supplier<List<Effect>> event) {
        for (Effect effect : event.get()) {
            perform(effect);
        }
        schedule();
    }

    private void schedule() {
        long next = registry.nextNanos();
        if (next == timerNanos) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        timerNanos = next;
        timer = next == Long.MAX_VALUE
                ? null
                : loop.schedule(this::onTime, Math.max(0, next - now()), TimeUnit.NANOSECONDS);
    }

    private void onTime() {
        timer = null;
        timerNanos = Long.MAX_VALUE;
        run(() -> registry.time(now()));
    }

    private void perform(Effect effect) {
        if (effect instanceof Effect.Admit admit) {
            onAdmit(admit);
        } else if (effect instanceof Effect.Refuse refuse) {
            onRefuse(refuse);
        } else if (effect instanceof Effect.Answer answer) {
            onAnswer(answer.member(), answer.result());
        } else if (effect instanceof Effect.Ping ping) {
            onPing(ping.member());
        } else if (effect instanceof Effect.Fence fence) {
            onFence(fence);
        }
    }

    private void onAdmit(Effect.Admit admit) {
        CompletableFuture<Decision> decided = admissions.remove(admit.member().id());
        if (decided == null) {
            return;
        }
        List<CompletableFuture<Answer>> parts = new ArrayList<>();
        for (Effect.Result result : admit.results()) {
            parts.add(answer(admit.member(), result).toCompletableFuture());
        }
        CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new))
                .thenRun(() -> decided.complete(
                        new In(parts.stream().map(CompletableFuture::join).toList())));
    }

    private void onRefuse(Effect.Refuse refuse) {
        LOG.info(
                "{} {} is refused: {} {}",
                refuse.member().principal().id(),
                refuse.member().node(),
                refuse.code(),
                refuse.text());
        CompletableFuture<Decision> decided = admissions.remove(refuse.member().id());
        if (decided != null) {
            decided.complete(new Out(refuse.code(), refuse.text(), refuse.retryAfterNanos()));
        }
    }

    private void onAnswer(Member member, Effect.Result result) {
        CompletableFuture<Answer> answered =
                answers.remove(new Key(member.id(), result.offer().id()));
        if (answered != null) {
            answer(member, result).thenAccept(answered::complete);
        }
    }

    /** Opens the public port, if one was asked for and granted; without it the registration is void. */
    private CompletionStage<Answer> answer(Member member, Effect.Result result) {
        Offer offer = result.offer();
        if (!result.outcome().isOk() || offer.publicPort() < 0) {
            return CompletableFuture.completedFuture(new Answer(offer, result.outcome(), 0));
        }
        return ports.open(member, offer).thenApply(opened -> {
            if (opened.port() == 0) {
                unregister(member, offer.id());
                return new Answer(offer, new Outcome(ErrorCode.BUSY, "public port: " + opened.reason()), 0);
            }
            return new Answer(offer, Outcome.OK, opened.port());
        });
    }

    private void onPing(Member member) {
        if (member.exit() instanceof Peer peer) {
            Hop.to(
                    peer.loop(),
                    () -> peer.mux().ping(nanos -> {
                        if (nanos >= 0) {
                            Hop.to(loop, () -> run(() -> registry.alive(member)));
                        }
                    }));
        } else {
            run(() -> registry.alive(member));
        }
    }

    private void onFence(Effect.Fence fence) {
        LOG.info("{} is fenced: {}", fence.member().exit(), fence.text());
        ports.closeAll(fence.member());
        if (fence.member().exit() instanceof Peer peer && !fence.leaveStreams()) {
            Hop.to(peer.loop(), () -> peer.session().close(fence.code(), fence.text()));
        }
    }
}
