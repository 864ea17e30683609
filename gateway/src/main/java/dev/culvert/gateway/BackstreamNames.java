package dev.culvert.gateway;

import dev.culvert.api.BindOptions;
import dev.culvert.api.Node;
import dev.culvert.api.PublicTerms;
import dev.culvert.gateway.BackstreamWire.Answered;
import dev.culvert.gateway.BackstreamWire.Asked;
import dev.culvert.netty.HttpHandler;
import dev.culvert.netty.HttpLoad;
import dev.culvert.netty.HttpService;
import dev.culvert.netty.HttpServiceOptions;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The names of backstream's clients, each a service of this node. A name belongs to one principal, whose clients share it; it is kept for a
 * while when they are gone. Any thread: a name's state is one immutable {@link Held}, replaced as a whole.
 */
final class BackstreamNames {
    private static final Set<HttpMethod> REPEATABLE =
            Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS, HttpMethod.TRACE);

    private final Node node;
    private final BackstreamOptions options;
    private final HttpServiceOptions serving;
    private final HttpLoad load;
    private final Map<String, Held> names = new ConcurrentHashMap<>();

    BackstreamNames(Node node, BackstreamOptions options) {
        this.node = node;
        this.options = options;
        this.serving = HttpServiceOptions.DEFAULT
                .withHeldBytes(Math.max(HttpServiceOptions.DEFAULT.heldBytes(), options.messageBytes()))
                .withBodyBytes(options.messageBytes())
                .withRequests(Integer.MAX_VALUE);
        this.load = new HttpLoad(serving);
    }

    /** Who offers a name. <em>Immutable.</em> */
    private record Held(
            String owner, boolean open, List<BackstreamClient> clients, CompletableFuture<HttpService> service) {
        Held with(BackstreamClient client) {
            List<BackstreamClient> more = new ArrayList<>(clients);
            more.add(client);
            return new Held(owner, open, List.copyOf(more), service);
        }

        Held without(BackstreamClient client) {
            return new Held(
                    owner,
                    open,
                    clients.stream().filter(other -> other != client).toList(),
                    service);
        }
    }

    boolean contains(String name) {
        return names.containsKey(name);
    }

    /**
     * A client offers its name. Completes when the name may be dialled, fails with {@link Rejected} or with what the registry says.
     *
     * @param open anyone may call it
     */
    CompletionStage<?> join(BackstreamClient client, String owner, boolean open) {
        Held fresh = new Held(owner, open, List.of(client), new CompletableFuture<>());
        Held held = names.merge(
                client.name(),
                fresh,
                (before, same) -> before.owner().equals(owner) && before.open() == open ? before.with(client) : before);
        if (held == fresh) {
            open(client, fresh);
        } else if (!held.clients().contains(client)) {
            return CompletableFuture.failedFuture(
                    conflict(client.name(), held.owner().equals(owner)));
        }
        return held.service();
    }

    private Rejected conflict(String name, boolean sameOwner) {
        String whose = sameOwner
                ? "others that have it say otherwise whether it is public"
                : "it belongs to another principal";
        return new Rejected(new HttpFault(
                HttpResponseStatus.CONFLICT,
                "DUPLICATE_NODE",
                "the name '" + name + "' is taken: " + whose,
                "",
                "give this client another id, or wait until the others are gone, and "
                        + options.lease().toSeconds() + " s more",
                0));
    }

    private void open(BackstreamClient first, Held fresh) {
        String name = first.name();
        HttpServiceOptions offered = serving.withBind(
                BindOptions.DEFAULT.withPublicTerms(fresh.open() ? PublicTerms.ANYONE : PublicTerms.NOBODY));
        HttpHandler handler = (request, principal) -> new Asking(name, request).start();
        HttpService.openAsync(first.loop(), node, name, offered, load, handler).whenComplete((service, failure) -> {
            if (failure == null) {
                fresh.service().complete(service);
            } else {
                names.computeIfPresent(name, (same, held) -> held.service() == fresh.service() ? null : held);
                fresh.service().completeExceptionally(failure);
            }
        });
    }

    /** A client is gone. */
    void leave(BackstreamClient client) {
        Held left = names.computeIfPresent(
                client.name(), (name, held) -> held.clients().contains(client) ? held.without(client) : held);
        if (left != null && left.clients().isEmpty() && !client.loop().isShuttingDown()) {
            client.loop()
                    .schedule(() -> expire(client.name(), left), options.lease().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Unless somebody has come since. */
    private void expire(String name, Held left) {
        boolean[] over = new boolean[1];
        names.computeIfPresent(name, (same, held) -> {
            over[0] = held == left;
            return over[0] ? null : held;
        });
        if (over[0]) {
            left.service().thenAccept(HttpService::close);
        }
    }

    /** The one with the least to do; null: none is there that was not tried. */
    private @Nullable BackstreamClient pick(String name, Set<BackstreamClient> tried) {
        Held held = names.get(name);
        BackstreamClient best = null;
        for (BackstreamClient client : held == null ? List.<BackstreamClient>of() : held.clients()) {
            boolean less = best == null || client.load() < best.load();
            if (less && client.isReady() && !tried.contains(client)) {
                best = client;
            }
        }
        return best;
    }

    /** One request, at one client after the other until one has it. */
    private final class Asking {
        private final String name;
        private final FullHttpRequest request;
        private final Set<BackstreamClient> tried = ConcurrentHashMap.newKeySet();
        private final CompletableFuture<FullHttpResponse> result = new CompletableFuture<>();

        Asking(String name, FullHttpRequest request) {
            this.name = name;
            this.request = request;
        }

        CompletableFuture<FullHttpResponse> start() {
            try {
                next(BackstreamHttp.asked(request), away());
            } catch (Rejected rejected) {
                fail(rejected);
            }
            return result;
        }

        /** @param last what is said if nobody is left */
        private void next(Asked asked, Rejected last) {
            BackstreamClient client = pick(name, tried);
            if (client == null) {
                fail(last);
                return;
            }
            tried.add(client);
            CompletableFuture<Answered> asking = client.ask(asked);
            result.whenComplete((response, failure) -> {
                if (failure instanceof CancellationException) {
                    asking.cancel(false);
                }
            });
            asking.whenComplete((answered, failure) -> {
                if (answered != null) {
                    succeed(answered);
                } else if (!result.isDone()) {
                    onFailure(asked, failure);
                }
            });
        }

        private void succeed(Answered answered) {
            try {
                result.complete(BackstreamHttp.response(answered));
            } catch (Rejected rejected) {
                fail(rejected);
            }
        }

        private void onFailure(Asked asked, Throwable failure) {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (!(cause instanceof Rejected rejected)) {
                result.completeExceptionally(cause);
                return;
            }
            boolean elsewhere = rejected.fault().code().equals("OVERLOAD")
                    || rejected.fault().code().equals("LINK_LOST")
                            && REPEATABLE.contains(request.method())
                            && asked.body().length == 0;
            if (elsewhere) {
                next(asked, rejected);
            } else {
                fail(rejected);
            }
        }

        private Rejected away() {
            return new Rejected(new HttpFault(
                    HttpResponseStatus.BAD_GATEWAY,
                    "NO_ROUTE",
                    "'" + name + "' is not connected now; its name is kept for it",
                    "",
                    "see that the service runs",
                    1));
        }

        private void fail(Rejected rejected) {
            result.complete(ErrorPage.of(
                    rejected.fault(),
                    request.headers().getAll(HttpHeaderNames.ACCEPT),
                    node.name(),
                    request.headers().get(HeaderRules.REQUEST_ID, "")));
        }
    }
}
