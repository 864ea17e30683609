package dev.culvert.node;

import dev.culvert.api.CulvertException;
import dev.culvert.api.ErrorCode;
import dev.culvert.api.RegistrationException;
import dev.culvert.link.PeerText;
import dev.culvert.link.proto.Control;
import dev.culvert.link.proto.Register;
import dev.culvert.link.proto.RegisterResult;
import dev.culvert.link.proto.Registration;
import dev.culvert.link.proto.Unregister;
import dev.culvert.link.proto.Withdrawn;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * What this node's services are registered as: in its own registry, and at each relay that it is linked to. Owned by one loop; any
 * thread may call.
 */
final class Registrations implements Uplinks {
    /** After a refusal that a retry can mend, how long until the next try on the same link. */
    private static final long RETRY_SECONDS = 15;

    /** So that Hello, and the results in Welcome, keep to their limits with room for all else. [LINK-11] */
    private static final int HELLO_BYTES = 32 * 1024;

    private static final int HELLO_OFFERS = 500;
    private static final long FIRST_PROBE_SECONDS = 1;
    private static final int PER_OFFER_BYTES = 4;

    private final EventLoop loop;
    private final Registrar registrar;
    private final Services services;
    private final Upstream upstream;
    private final Probe probe;
    private final Member self;
    private final NodeListener listener;
    private final boolean opensPorts;
    private final Map<Integer, Bound> bound = new LinkedHashMap<>();
    private final Map<Peer, String> relays = new HashMap<>();
    private final Map<Integer, Integer> publicPorts = new ConcurrentHashMap<>();
    private boolean announced;

    /** @param opensPorts whether this node takes links: public ports of its own services are then its own too */
    Registrations(
            Registrar registrar,
            Services services,
            Dialer dialer,
            Upstream upstream,
            Member self,
            NodeListener listener,
            boolean opensPorts) {
        this.probe = new Probe(dialer, self);
        this.loop = registrar.loop();
        this.registrar = registrar;
        this.services = services;
        this.upstream = upstream;
        this.self = self;
        this.listener = listener;
        this.opensPorts = opensPorts;
    }

    /** One service; {@code at} holds the relays' answers, {@code first} the first good one. */
    private static final class Bound {
        private final Offer offer;
        private final Map<Peer, Outcome> at = new HashMap<>();
        private final Set<Peer> reached = new HashSet<>();
        private final CompletableFuture<Integer> first = new CompletableFuture<>();

        Bound(Offer offer) {
            this.offer = offer;
        }

        boolean isRegisteredAt(Peer peer) {
            Outcome outcome = at.get(peer);
            return outcome != null && outcome.isOk();
        }

        void forget(Peer peer) {
            at.remove(peer);
            reached.remove(peer);
        }

        boolean isRegistered() {
            return at.values().stream().anyMatch(Outcome::isOk);
        }
    }

    /**
     * Registers a service everywhere. Completes with its public port (0: none) as soon as one relay has taken it, or at once if none is
     * linked; fails with {@link CulvertException} if all have refused.
     */
    CompletionStage<Integer> add(Offer offer) {
        CompletableFuture<Integer> done = new CompletableFuture<>();
        Hop.to(
                loop,
                () -> registrar
                        .register(self, opensPorts ? offer : offer.withoutPublicPort())
                        .thenAccept(answer -> onOwn(offer, answer, done)));
        return done;
    }

    private void onOwn(Offer offer, Registrar.Answer answer, CompletableFuture<Integer> done) {
        if (!answer.outcome().isOk()) {
            done.completeExceptionally(failure(self.node(), answer.outcome()));
            return;
        }
        Bound service = new Bound(offer);
        publicPorts.put(offer.id(), answer.publicPort());
        bound.put(offer.id(), service);
        announced = false;
        service.first.whenComplete((port, failure) -> {
            if (failure == null) {
                done.complete(port);
            } else {
                done.completeExceptionally(failure);
            }
        });
        settle(service);
        relays.keySet().forEach(relay -> send(relay, offer));
    }

    /** Withdraws a service everywhere. */
    void remove(Offer offer) {
        Hop.to(loop, () -> {
            registrar.unregister(self, offer.id());
            publicPorts.remove(offer.id());
            if (bound.remove(offer.id()) != null) {
                Control message = Control.newBuilder()
                        .setUnregister(Unregister.newBuilder().setId(offer.id()))
                        .build();
                relays.keySet().forEach(relay -> send(relay, message));
            }
        });
    }

    /** What a new link is told in its Hello, as far as it fits; the rest is registered when it is up. Any thread. */
    List<Registration> offers() {
        List<Registration> offers = new ArrayList<>();
        int bytes = 0;
        for (Services.Own own : services.all()) {
            Registration offer = own.offer().toMessage();
            bytes += offer.getSerializedSize() + PER_OFFER_BYTES;
            if (bytes > HELLO_BYTES || offers.size() == HELLO_OFFERS) {
                break;
            }
            if (!Call.isReserved(offer.getService())) {
                offers.add(offer);
            }
        }
        return offers;
    }

    /** A link is up, for dials too from then on; {@code results} are the answers to {@link #offers()}. */
    @Override
    public void onUp(Peer peer, String relay, List<RegisterResult> results) {
        Hop.to(loop, () -> {
            relays.put(peer, relay);
            upstream.onUp(peer);
            results.forEach(result -> onAnswer(peer, result));
            for (Bound service : List.copyOf(bound.values())) {
                if (!service.at.containsKey(peer)) {
                    send(peer, service.offer);
                }
            }
            checkReady();
        });
    }

    @Override
    public void onResult(Peer peer, RegisterResult result) {
        Hop.to(loop, () -> onAnswer(peer, result));
    }

    @Override
    public void onWithdrawn(Peer peer, Withdrawn message) {
        Hop.to(loop, () -> {
            Bound service = bound.get(message.getId());
            if (service != null) {
                ErrorCode code = ErrorCode.of(message.getCode());
                String text = PeerText.oneLine(message.getText());
                service.at.put(peer, new Outcome(code, text));
                service.reached.remove(peer);
                listener.onServiceWithdrawn(relay(peer), service.offer.label(), code, text);
                retryLater(peer, service, code);
            }
        });
    }

    @Override
    public void onDown(Peer peer) {
        Hop.to(loop, () -> {
            relays.remove(peer);
            upstream.onDown(peer);
            bound.values().forEach(service -> {
                service.forget(peer);
                settle(service);
            });
            announced = announced && isReady();
        });
    }

    private void onAnswer(Peer peer, RegisterResult result) {
        Bound service = bound.get(result.getId());
        if (service == null || !relays.containsKey(peer)) {
            return;
        }
        Outcome outcome = new Outcome(ErrorCode.of(result.getCode()), PeerText.oneLine(result.getText()));
        service.at.put(peer, outcome);
        if (outcome.isOk()) {
            publicPorts.put(service.offer.id(), result.getPublicPort());
            listener.onServiceRegistered(relay(peer), service.offer.label(), result.getPublicPort());
            service.first.complete(result.getPublicPort());
            probe(peer, service, FIRST_PROBE_SECONDS);
            return;
        }
        listener.onServiceRefused(relay(peer), service.offer.label(), outcome.code(), outcome.text());
        settle(service);
        retryLater(peer, service, outcome.code());
    }

    /** Whoever waits for a service is answered when no relay is left that could take it. */
    private void settle(Bound service) {
        if (relays.isEmpty()) {
            service.first.complete(publicPort(service.offer));
        } else if (service.at.keySet().containsAll(relays.keySet()) && !service.isRegistered()) {
            Map.Entry<Peer, Outcome> last = service.at.entrySet().iterator().next();
            service.first.completeExceptionally(failure(relay(last.getKey()), last.getValue()));
        }
    }

    /** Whether callers reach it is known when one has: until then it is asked again, less and less often. [OPEN-15] */
    private void probe(Peer peer, Bound service, long nextSeconds) {
        probe.ask(peer, service.offer, new Probe.Result() {
            @Override
            public void onReached(long nanos) {
                Hop.to(loop, () -> {
                    if (isCurrent(peer, service)) {
                        service.reached.add(peer);
                        listener.onServiceReached(relay(peer), service.offer.label(), nanos);
                        checkReady();
                    }
                });
            }

            @Override
            public void onNotReached(ErrorCode code, String text) {
                Hop.to(loop, () -> {
                    if (isCurrent(peer, service)) {
                        listener.onServiceNotReached(relay(peer), service.offer.label(), code, text);
                        loop.schedule(() -> probeAgain(peer, service, nextSeconds), nextSeconds, TimeUnit.SECONDS);
                    }
                });
            }
        });
    }

    private void probeAgain(Peer peer, Bound service, long seconds) {
        if (isCurrent(peer, service)) {
            probe(peer, service, Math.min(2 * seconds, RETRY_SECONDS));
        }
    }

    private boolean isCurrent(Peer peer, Bound service) {
        return relays.containsKey(peer) && bound.get(service.offer.id()) == service && service.isRegisteredAt(peer);
    }

    private void retryLater(Peer peer, Bound service, ErrorCode code) {
        if (code.retryHelps()) {
            loop.schedule(
                    () -> {
                        if (relays.containsKey(peer) && bound.get(service.offer.id()) == service) {
                            send(peer, service.offer);
                        }
                    },
                    RETRY_SECONDS,
                    TimeUnit.SECONDS);
        }
    }

    private void send(Peer peer, Offer offer) {
        send(
                peer,
                Control.newBuilder()
                        .setRegister(Register.newBuilder().setRegistration(offer.toMessage()))
                        .build());
    }

    private static void send(Peer peer, Control message) {
        Hop.to(peer.loop(), () -> {
            if (peer.isUp()) {
                peer.session().send(message);
            }
        });
    }

    /** The public port of a service now; 0: none. Any thread. */
    int publicPort(Offer offer) {
        return publicPorts.getOrDefault(offer.id(), 0);
    }

    private void checkReady() {
        if (!announced && isReady()) {
            announced = true;
            listener.onReady();
        }
    }

    private boolean isReady() {
        return !relays.isEmpty() && bound.values().stream().noneMatch(service -> service.reached.isEmpty());
    }

    private String relay(Peer peer) {
        return relays.getOrDefault(peer, peer.node());
    }

    private static RegistrationException failure(String hop, Outcome outcome) {
        return new RegistrationException(outcome.code(), hop, outcome.text(), "");
    }
}
